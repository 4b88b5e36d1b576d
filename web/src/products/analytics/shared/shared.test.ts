import { describe, expect, it } from "vitest";

import { describeFilter, filtersSearch, kindOf, operatorsFor, planFilters, rowFilter, withFilter, type Filter } from "./filters";
import { chosenInterval, planPeriod, rangeName, zoomInto } from "./periods";
import { valueName } from "./properties";
import { tidy } from "./useReport";

const NOW = new Date("2026-11-20T23:30:00Z");
const germany: Filter = { type: "event", property: "$geoip_country_code", operator: "exact", value: "DE" };

describe("planPeriod", () => {
  it("starts today at the project's midnight, not the reader's", () => {
    expect(planPeriod({ range: "today" }, "Pacific/Auckland", NOW).date_from).toBe("2026-11-21");
    expect(planPeriod({ range: "today" }, "America/New_York", NOW).date_from).toBe("2026-11-20");
  });

  it("counts today as one of the last seven days", () => {
    expect(planPeriod({ range: "7d" }, "UTC", NOW)).toEqual({ date_from: "-6d", interval: "day" });
  });

  it("takes twenty-four whole hours, the running one included", () => {
    expect(planPeriod({ range: "24h" }, "UTC", NOW).date_from).toBe("2026-11-20T00:00:00.000Z");
  });

  it("takes twelve whole calendar months", () => {
    expect(planPeriod({ range: "12mo" }, "UTC", NOW)).toEqual({ date_from: "2025-12-01", interval: "month" });
  });

  it("ends a custom range with its last day", () => {
    const period = { range: "custom", from: "2026-10-01", to: "2026-10-14" } as const;
    expect(planPeriod(period, "UTC", NOW)).toEqual({ date_from: "2026-10-01", date_to: "2026-10-14", interval: "day" });
    expect(rangeName(period).replace(/\s/g, " ")).toBe("1 – 14 Oct 2026");
  });
});

describe("chosenInterval", () => {
  it("ignores an interval that would give thousands of points", () => {
    expect(chosenInterval({ range: "90d", interval: "minute" })).toBe("day");
    expect(chosenInterval({ range: "90d", interval: "week" })).toBe("week");
  });
});

describe("zoomInto", () => {
  it("turns dragged buckets into a range that ends where the last one does", () => {
    const hours = ["2026-11-20T09:00:00+01:00", "2026-11-20T10:00:00+01:00"];
    expect(zoomInto(hours, 0, 1, "hour")).toMatchObject({ range: "custom", from: "2026-11-20T09:00", to: "2026-11-20T11:00" });
    expect(zoomInto(["2026-02-01T00:00:00Z"], 0, 0, "month")).toMatchObject({ from: "2026-02-01", to: "2026-02-28" });
  });
});

describe("filters", () => {
  it("read as a sentence", () => {
    expect(describeFilter(germany)).toBe("Country is Germany");
    expect(describeFilter(rowFilter("$referring_domain", ""))).toBe("Referrer is not set");
  });

  it("are kept once and dropped from the URL where unreadable", () => {
    expect(withFilter([germany], germany)).toEqual([germany]);
    expect(filtersSearch([germany, { nonsense: 1 }, 7])).toEqual([germany]);
    expect(filtersSearch("nonsense")).toBeUndefined();
  });

  it("on the event's name go as an expression with its quotes escaped", () => {
    const filter: Filter = { type: "event", property: "event", operator: "exact", value: "it's" };
    expect(planFilters([filter, germany])).toEqual([{ type: "sql", value: "event IN ('it\\'s')" }, germany]);
  });

  it("offer the comparisons of their type", () => {
    expect(operatorsFor(kindOf(["Int64", "Float64"]))).toContain("gte");
    expect(operatorsFor(kindOf(["String"]))).not.toContain("gte");
  });
});

describe("valueName", () => {
  it("names what was not sent", () => {
    expect([valueName("$referring_domain", ""), valueName("plan", ""), valueName("country", "FR")]).toEqual(["Direct or none", "Not set", "France"]);
  });
});

describe("tidy", () => {
  it("keeps only what somebody chose", () => {
    expect(tidy({ compare: false, filters: [], range: undefined, project: 2 })).toEqual({ compare: false, project: 2 });
  });
});
