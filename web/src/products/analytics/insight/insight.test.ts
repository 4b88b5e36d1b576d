import { describe, expect, it } from "vitest";

import type { FoundPerson } from "@/api";

import { breakdownSearch, planBreakdown } from "./breakdown";
import { formatSql } from "./formatSql";
import { FUNNEL } from "../funnels/kind";
import { TRENDS } from "../trends/kind";
import { stable, summaryOf } from "./kind";
import { fittingName } from "./names";
import { peopleCsv, tellingProperties } from "./people";
import { insightSearch, namesOnlyInsight } from "./search";

const alice: FoundPerson = {
  person: 1,
  name: "alice@example.com",
  distinct_ids: ["alice", "a-2"],
  properties: { $browser: "Firefox", email: "alice@example.com", plan: "pro", nested: { a: 1 } },
  created_at: "2026-11-01T00:00:00Z",
  is_identified: true,
};

describe("formatSql", () => {
  it("gives each clause its line and indents subqueries", () => {
    expect(formatSql("SELECT a, count() FROM (SELECT a FROM t WHERE x = 1 AND y = 2) AS s LEFT ANY JOIN u ON s.a = u.a GROUP BY a ORDER BY a")).toBe(
      ["SELECT a, count()", "FROM (", "  SELECT a", "  FROM t", "  WHERE x = 1", "    AND y = 2", ") AS s", "LEFT ANY JOIN u ON s.a = u.a", "GROUP BY a", "ORDER BY a"].join("\n"),
    );
  });

  it("leaves texts, functions and BETWEEN alone", () => {
    expect(formatSql("SELECT ' FROM (SELECT' WHERE a BETWEEN 1 AND 2 AND f(x, ORDER)")).toBe("SELECT ' FROM (SELECT'\nWHERE a BETWEEN 1 AND 2\n  AND f(x, ORDER)");
  });

  it("changes nothing but white space", () => {
    const sql = "WITH x AS (SELECT 1) SELECT `a b`, 'it''s' FROM x WHERE (a OR b) LIMIT 3";
    expect(formatSql(sql).replace(/\s/g, "")).toBe(sql.replace(/\s/g, ""));
  });

  it("keeps comments apart from what they are not about", () => {
    const sql = '-- {p0} = 1\n-- {p1} = "it\'s (SELECT"\nSELECT 1 WHERE a = {p1:String}\n\n-- {p0} = 2\nSELECT 2';
    expect(formatSql(sql)).toBe('-- {p0} = 1\n-- {p1} = "it\'s (SELECT"\nSELECT 1\nWHERE a = {p1:String}\n\n-- {p0} = 2\nSELECT 2');
  });

  it("does not take the type of a parameter for a clause", () => {
    expect(formatSql("SELECT 1 WHERE a IN {p0:Array(String)}")).toBe("SELECT 1\nWHERE a IN {p0:Array(String)}");
  });
});

describe("people", () => {
  it("are told apart by what says most, and not by their name again", () => {
    expect(tellingProperties(alice)).toEqual([["plan", "pro"], ["$browser", "Firefox"]]);
  });

  it("become lines with a column for every property", () => {
    const [head, line] = peopleCsv([alice]);
    expect(head).toEqual(["person", "name", "distinct_ids", "created_at", "is_identified", "$browser", "email", "nested", "plan"]);
    expect(line?.slice(-2)).toEqual(['{"a":1}', "pro"]);
  });
});

describe("the address", () => {
  it("may name a saved insight and nothing else", () => {
    expect(namesOnlyInsight({ insight: 3 })).toBe(true);
    expect(namesOnlyInsight({ insight: 3, range: "7d" })).toBe(false);
  });

  it("keeps the number whose people are listed", () => {
    expect(insightSearch.people({ title: "Left", point: { step: 1 } })).toEqual({ title: "Left", point: { step: 1 } });
    expect(insightSearch.people({ title: "Left" })).toBeUndefined();
  });
});

describe("breakdowns", () => {
  const read = breakdownSearch(3);

  it("are a list, one, or a plain name", () => {
    expect(read("plan")).toEqual([{ type: "event", property: "plan" }]);
    expect(read({ type: "group", property: "plan" })).toBeUndefined();
    expect(read([{ type: "group", group_type: "company", property: "plan", bins: 5 }])).toEqual([{ type: "group", property: "plan", group_type: "company", bins: 5 }]);
  });

  it("of cohorts go without a property", () => {
    expect(planBreakdown(read([{ type: "cohort", cohorts: [4, "all", "x"] }]) ?? [])).toEqual([{ type: "cohort", cohorts: [4, "all"] }]);
  });
});

describe("stable", () => {
  it("does not depend on the order of fields", () => {
    expect(stable({ b: 1, a: { d: [2], c: 1 } })).toBe(stable({ a: { c: 1, d: [2] }, b: 1 }));
  });
});

describe("a report in one line", () => {
  const filters = [{ type: "event", property: "plan", operator: "exact", value: ["pro"] }] as const;

  it("says what is asked, of when, and how many filters there are", () => {
    const state = FUNNEL.validate({ steps: [{ event: "a" }, { event: "b" }, { event: "c" }], filters: [...filters, ...filters], range: "7d" });
    expect(summaryOf(FUNNEL, state)).toEqual({ what: "3 steps", when: "Last 7 days · 2 filters" });
  });

  it("names a single series, and what it is split by", () => {
    expect(summaryOf(TRENDS, TRENDS.validate({}))).toEqual({ what: "Page view", when: "Last 30 days" });
    const split = TRENDS.validate({ series: [{ event: "a" }, { event: "b" }], breakdown: [{ type: "cohort", cohorts: [1] }, { type: "event", property: "plan" }] });
    expect(summaryOf(TRENDS, split)).toMatchObject({ what: "2 series · by cohort, plan" });
  });
});

describe("a suggested name", () => {
  it("is as long as the server takes it", () => {
    expect(fittingName("signup → payment")).toBe("signup → payment");
    expect([...fittingName("🚀".repeat(150))]).toHaveLength(120);
  });
});
