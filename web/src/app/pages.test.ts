import { describe, expect, it } from "vitest";

import { groupAt, pageAt } from "./pages";

describe("the page at a path", () => {
  it("is the list that people, cohorts and groups are in: another project has none of them", () => {
    expect(["/people/5", "/cohorts/7/edit", "/groups/company/acme"].map((path) => pageAt(path)?.path)).toEqual(["/people", "/cohorts", "/groups"]);
    expect(groupAt("/people/5")).toBe("audience");
  });

  it("is itself where the sidebar has it, and none elsewhere", () => {
    expect(pageAt("/settings/keys")?.path).toBe("/settings/keys");
    expect(pageAt("/nowhere")).toBeUndefined();
  });
});
