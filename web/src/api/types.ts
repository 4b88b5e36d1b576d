/** Shapes of the HTTP API, by hand until they are generated from its OpenAPI description. Names and nullness follow it. */

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

export interface Instance {
  name: string;
  version: string;
  needs_setup: boolean;
  demo: boolean;
  signed_in: boolean;
  demo_sign_in?: { email: string; password: string } | null;
}

export interface User {
  id: number;
  email: string;
  /** May be empty. */
  name: string;
  created_at: string;
}

export type Role = "owner" | "admin" | "analyst" | "viewer";
export type WeekStart = "sunday" | "monday";
export type KeepIp = "drop" | "truncate" | "keep";

export interface Project {
  id: number;
  name: string;
  token: string;
  website_id: string;
  timezone: string;
  week_start: WeekStart;
  retention_days: number | null;
  keep_ip: KeepIp;
  created_at: string;
  role: Role;
}

export type ProjectCreate = Pick<Project, "name"> & Partial<Pick<Project, "timezone">>;
export type ProjectUpdate = Partial<Pick<Project, "name" | "timezone" | "week_start" | "retention_days" | "keep_ip">>;

export interface SetupRequest {
  email: string;
  password: string;
  name?: string;
  project_name: string;
  timezone: string;
}

export interface SetupAnswer {
  user: User;
  project: Project;
  csrf_token: string;
}

export interface SignInRequest {
  email: string;
  password: string;
  totp?: string;
}

export interface Session {
  user: User;
  csrf_token: string;
  projects: Project[];
}

export interface Member {
  user: User;
  role: Role;
}

export interface MemberCreate {
  email: string;
  name?: string;
  role: Role;
  password?: string;
}

export const SCOPES = ["ingest:write", "query:read", "events:read", "project:read", "project:write", "keys:write", "members:write", "audit:read"] as const;
export type Scope = (typeof SCOPES)[number] | "*";

export interface ApiKey {
  id: number;
  name: string;
  scopes: Scope[];
  /** Enough to tell keys apart. */
  last_four: string;
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
}

export interface ApiKeyCreate {
  name: string;
  scopes: Scope[];
  expires_at?: string;
}

export interface ApiKeyCreated extends ApiKey {
  secret: string;
}

export interface Ledger {
  received: number;
  stored: number;
  deduplicated: number;
  dropped: Record<string, number>;
  pending: number;
  lag_seconds: number;
}

export type PropertyValue = string | number | boolean | null | PropertyValue[] | { [key: string]: PropertyValue };

export interface LiveEvent {
  uuid: string;
  event: string;
  timestamp: string;
  distinct_id: string;
  person: number;
  session_id: string;
  url: string;
  path: string;
  browser: string;
  os: string;
  device: string;
  country: string;
  lib: string;
  properties: Record<string, PropertyValue>;
  received_at: string;
}

export interface CatalogueEvent {
  event: string;
  count: number;
  users: number;
  last_seen: string;
}

export interface CatalogueProperty {
  name: string;
  type: "event" | "person";
  types: string[];
  column: boolean;
}

export interface CatalogueValue {
  value: string;
  count: number;
}

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

export interface QueryAnswer<Kind extends keyof QueryResults = keyof QueryResults> {
  kind: Kind;
  result: QueryResults[Kind];
  timezone: string;
  date_from: string;
  date_to: string;
  definition: string;
  elapsed_ms: number;
  rows_read: number;
  cached: boolean;
  cached_at?: string | null;
  warnings: string[];
  sql?: string | null;
}
