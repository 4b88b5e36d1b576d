import { expect, test } from "vitest";

import { innerPath, positiveInteger } from "./address";

test.each(["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "", 7, undefined])("%s does not lead away after sign-in", (value) => {
  expect(innerPath(value)).toBeUndefined();
});

test("a path with its search is kept", () => {
  expect(innerPath("/trends?project=2#x")).toBe("/trends?project=2#x");
});

test("a project number is a positive whole number", () => {
  expect([positiveInteger("2"), positiveInteger(0), positiveInteger("x"), positiveInteger(1.5)]).toEqual([2, undefined, undefined, undefined]);
});
