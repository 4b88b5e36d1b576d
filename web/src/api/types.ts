/**
 * Shapes of the HTTP API. What its OpenAPI description says comes from schema.ts, which is generated; by hand are only errors,
 * narrower words for open ones (scopes, values), and the queries, whose many kinds the description leaves open.
 */
import type * as Schema from "./schema";

export type { CatalogueEvent, CatalogueProperty, CatalogueValue, Instance, Member, Project, Role, User } from "./schema";

export interface ProblemField {
  path: string;
  message: string;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  hint?: string;
  errors?: ProblemField[];
}

export interface List<T> {
  items: T[];
  next_cursor: string | null;
}

export type WeekStart = Schema.Project["week_start"];
export type KeepIp = Schema.Project["keep_ip"];
export type ProjectCreate = Schema.NewProject;
export type ProjectUpdate = Schema.ProjectChanges;
export type SetupRequest = Schema.SetUp;
export type SetupAnswer = Schema.SetUpAnswer;
export type SignInRequest = Schema.SignIn;
export type Session = Schema.SignInAnswer;
export type MemberCreate = Schema.NewMember;
export type MemberCreated = Schema.AddedMember;
export type Ledger = Schema.LedgerAnswer;

export const SCOPES = ["ingest:write", "query:read", "events:read", "project:read", "project:write", "keys:write", "members:write", "audit:read"] as const;
export type Scope = (typeof SCOPES)[number] | "*";
type WithScopes<Key> = Omit<Key, "scopes"> & { scopes: Scope[] };

export type ApiKey = WithScopes<Schema.Key>;
export type ApiKeyCreate = WithScopes<Schema.NewKey>;
export type ApiKeyCreated = WithScopes<Schema.CreatedKey>;

export type PropertyValue = string | number | boolean | null | PropertyValue[] | { [key: string]: PropertyValue };

export type LiveEvent = Omit<Schema.LiveEvent, "properties"> & { properties: Record<string, PropertyValue> };

export type Interval = "minute" | "hour" | "day" | "week" | "month";
export type FilterOperator =
  | "exact" | "is_not" | "icontains" | "not_icontains" | "regex" | "gt" | "gte" | "lt" | "lte"
  | "is_set" | "is_not_set" | "in" | "not_in" | "is_date_before" | "is_date_after";
export type FilterType = "event" | "person" | "session" | "group" | "cohort" | "sql";

export interface Filter {
  type: FilterType;
  property: string;
  operator: FilterOperator;
  value?: string | number | boolean | (string | number)[];
}

export type FilterNode = Filter | { and: FilterNode[] } | { or: FilterNode[] };

interface QueryCommon {
  date_from?: string;
  date_to?: string;
  timezone?: string;
  filters?: FilterNode | FilterNode[];
  interval?: Interval;
  refresh?: boolean;
  explain?: boolean;
}

export interface TrendsSeriesSpec {
  /** null counts any event. */
  event: string | null;
  name?: string;
  math?: string;
  math_property?: string;
  filters?: FilterNode | FilterNode[];
}

export interface Breakdown {
  type: FilterType;
  property: string;
}

export interface TrendsQuery extends QueryCommon {
  kind: "trends";
  series: TrendsSeriesSpec[];
  breakdown?: Breakdown[];
  breakdown_limit?: number;
  formula?: string;
  compare?: boolean;
  cumulative?: boolean;
}

export interface ActiveUsersQuery extends QueryCommon {
  kind: "active_users";
  period: "day" | "week" | "month";
}

export interface TopEventsQuery extends QueryCommon {
  kind: "top_events";
  limit?: number;
}

export interface SqlQuery extends QueryCommon {
  kind: "sql";
  sql: string;
  params?: Record<string, PropertyValue>;
  limit?: number;
}

export interface TrendsSeries {
  name: string;
  breakdown?: (string | null)[];
  data: (number | null)[];
  total: number | null;
  previous?: (number | null)[];
  previous_total?: number | null;
}

export interface TrendsResult {
  labels: string[];
  series: TrendsSeries[];
  previous_labels?: string[];
  incomplete_from?: number | null;
}

export interface ActiveUsersResult {
  value: number;
  dau: number;
  wau: number;
  mau: number;
  engagement_score: number | null;
  labels: string[];
  series: { name: string; data: (number | null)[] }[];
}

export interface TopEvent {
  event: string;
  count: number;
  users: number;
}

export interface SqlResult {
  columns: { name: string; type: string }[];
  rows: PropertyValue[][];
}

export type Query = TrendsQuery | ActiveUsersQuery | TopEventsQuery | SqlQuery;

export interface QueryResults {
  trends: TrendsResult;
  active_users: ActiveUsersResult;
  top_events: TopEvent[];
  sql: SqlResult;
}

export type QueryAnswer<Kind extends keyof QueryResults = keyof QueryResults> = Omit<Schema.QueryAnswer, "kind" | "result"> & {
  kind: Kind;
  result: QueryResults[Kind];
};
