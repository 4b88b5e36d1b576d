import { screen } from "@testing-library/react";
import { expect, test } from "vitest";

import { show } from "@/testing/render";

import { Equation } from "./Equation";
import { differenceOf } from "./ledger";

const BOOKS = { received: 100, stored: 90, deduplicated: 4, dropped: { timestamp_too_old: 3, missing_event: 1 }, pending: 2, lag_seconds: 0.8 };

test("received minus all that became of it is zero", () => {
  expect(differenceOf(BOOKS)).toBe(0);
  expect(differenceOf({ ...BOOKS, stored: 89 })).toBe(1);
});

test("the page says that it adds up, and how long the oldest has waited", () => {
  show(<Equation ledger={BOOKS} />);
  expect(screen.getByText(/It adds up/)).toHaveTextContent("waited 800 ms");
});

test("the page says when it does not add up", () => {
  show(<Equation ledger={{ ...BOOKS, received: 105 }} />);
  expect(screen.getByText(/off by 5/)).toBeVisible();
});
