import { describe, expect, it } from "vitest";

import { formatChange, formatCompact, formatNumber, formatTick, relativeChange } from "./numbers";

describe("formatNumber", () => {
  it.each([
    [0, "count", "0"],
    [12345, "count", "12,345"],
    [0.3712, "number", "0.37"],
    [0.0042, "number", "0.0042"],
    [12.34, "percent", "12.3%"],
    [0.0029, "percent", "<0.1%"],
    [0, "percent", "0%"],
    [80, "seconds", "1m 20s"],
    [0.25, "seconds", "250\u00a0ms"],
    [90_061, "seconds", "1d 1h"],
    [1_250, "milliseconds", "1.3s"],
    [3_200_000, "bytes", "3.2\u00a0MB"],
  ] as const)("writes %s as %s: %s", (value, unit, text) => {
    expect(formatNumber(value, unit)).toBe(text);
  });

  it("writes a dash for what was not measured", () => {
    expect([null, undefined, Number.NaN].map((value) => formatNumber(value))).toEqual(["–", "–", "–"]);
  });
});

describe("formatCompact", () => {
  it("keeps figures under ten thousand whole and shortens the rest", () => {
    expect([9_999, 12_345, 1_234_567].map((value) => formatCompact(value))).toEqual(["9,999", "12.3k", "1.23M"]);
  });
});

describe("formatTick", () => {
  it("keeps neighbouring ticks apart", () => {
    expect([0, 500, 1_000, 1_500].map((value) => formatTick(value))).toEqual(["0", "500", "1k", "1.5k"]);
    expect([7.5e15, 1e16].map((value) => formatTick(value))).toEqual(["7,500T", "10,000T"]);
  });
});

describe("relativeChange", () => {
  it("has no answer where there was nothing before", () => {
    expect([relativeChange(5, 0), relativeChange(0, 0), relativeChange(5, null)]).toEqual([null, 0, null]);
  });

  it("is written with its sign, and as a factor when it is large", () => {
    expect([0.125, -0.03, 0, 13].map(formatChange)).toEqual(["+12.5%", "−3%", "0%", "×14"]);
  });
});
