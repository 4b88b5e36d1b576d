import { expect, test } from "vitest";

import { snippet, WAYS } from "./snippets";

test.each(WAYS)("the %s snippet holds the real address and token", (way) => {
  const code = snippet(way, { host: "https://northing.example", token: "0123456789abcdef0123456789abcdef" });
  expect(code).toContain("https://northing.example");
  expect(code).toContain("0123456789abcdef0123456789abcdef");
});
