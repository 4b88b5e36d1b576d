import { beforeEach, expect, test } from "vitest";

import { stylesheetSingleton } from "./styleSingleton";

beforeEach(() => {
  document.adoptedStyleSheets = [];
});

test("one sheet for many users, gone with the last; never a <style> element", () => {
  globalThis.CSSStyleSheet = class { replaceSync() {} } as unknown as typeof CSSStyleSheet;
  const sheet = stylesheetSingleton();
  sheet.add("body { overflow: hidden }");
  sheet.add("body { overflow: hidden }");
  expect(document.adoptedStyleSheets).toHaveLength(1);
  expect(document.querySelector("style")).toBeNull();
  sheet.remove();
  expect(document.adoptedStyleSheets).toHaveLength(1);
  sheet.remove();
  expect(document.adoptedStyleSheets).toHaveLength(0);
});
