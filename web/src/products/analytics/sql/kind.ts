import type { InsightKind } from "../insight/kind";
import { DEFAULT_LIMIT, validateSqlSearch, type SqlSearch } from "./search";

export interface SqlColumn {
  readonly name: string;
  readonly type: string;
}

export interface SqlResult {
  readonly columns: readonly SqlColumn[];
  readonly rows: readonly (readonly unknown[])[];
}

export const SQL: InsightKind<SqlSearch> = {
  title: "SQL",
  validate: validateSqlSearch,
  plan: (state) => ({ kind: "sql", sql: state.sql ?? "", limit: state.limit ?? DEFAULT_LIMIT }),
  name: (state) => firstLine(state.sql ?? ""),
  isDated: false,
  isComplete: (state) => Boolean(state.sql?.trim()),
};

const COMMENT = /^\s*--\s*(.+)$/m;

/** A comment says best what a statement is for. */
function firstLine(sql: string): string {
  return (COMMENT.exec(sql)?.[1] ?? sql.trim().split("\n")[0] ?? "").slice(0, 80) || "Query";
}

/** Whether the rows name people, who can be listed and kept. */
export function namesPeople({ columns }: SqlResult): boolean {
  return columns.some((column) => column.name === "person");
}

export function isNumeric(type: string): boolean {
  return /^(Nullable\()?(U?Int|Float|Decimal)/.test(type);
}

/** A value of a cell as it is read; nothing where there is none. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
