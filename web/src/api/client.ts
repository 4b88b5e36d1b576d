import type { Problem, ProblemField } from "./types";

/** A refusal of the server, RFC 9457, with the number under which its log knows it. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly hint: string | undefined;
  readonly fields: readonly ProblemField[];
  readonly requestId: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(problem: Problem, response?: Response) {
    super(problem.detail || problem.title);
    this.status = problem.status;
    this.code = problem.code;
    this.title = problem.title;
    this.hint = problem.hint;
    this.fields = problem.errors ?? [];
    this.requestId = response?.headers.get("x-request-id") ?? undefined;
    const retryAfter = Number(response?.headers.get("retry-after") ?? Number.NaN);
    this.retryAfterSeconds = Number.isFinite(retryAfter) ? retryAfter : undefined;
  }

  /** The message for one field of a form, if the server named it. */
  field(path: string): string | undefined {
    return this.fields.find((field) => field.path === path || field.path.endsWith(`.${path}`))?.message;
  }
}

/** A list is sent as the same parameter several times. */
export type SearchParams = Record<string, string | number | boolean | readonly string[] | null | undefined>;

export interface RequestOptions {
  body?: unknown;
  search?: SearchParams;
  signal?: AbortSignal;
}

type Method = "GET" | "POST" | "PATCH" | "PUT" | "DELETE";

let csrfToken: string | null = null;

/** The session answers with it; every request that changes something sends it back. */
export function setCsrfToken(token: string | null) {
  csrfToken = token;
}

export const api = {
  get: <T>(path: string, options?: Omit<RequestOptions, "body">) => request<T>("GET", path, options),
  post: <T>(path: string, body?: unknown, options?: RequestOptions) => request<T>("POST", path, { ...options, body }),
  patch: <T>(path: string, body: unknown, options?: RequestOptions) => request<T>("PATCH", path, { ...options, body }),
  delete: <T = undefined>(path: string, options?: RequestOptions) => request<T>("DELETE", path, options),
};

async function request<T>(method: Method, path: string, options?: RequestOptions): Promise<T> {
  const response = await fetchAnswer(method, path, options);
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

/** The answer as it came, for those that are files; a refusal is thrown as everywhere. */
export async function fetchAnswer(method: Method, path: string, { body, search, signal }: RequestOptions = {}): Promise<Response> {
  const response = await send(method, path + searchText(search), body, signal);
  if (!response.ok) throw await errorOf(response);
  return response;
}

async function send(method: Method, url: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "GET" && csrfToken) headers["X-CSRF-Token"] = csrfToken;
  try {
    return await fetch(url, { method, headers, credentials: "same-origin", body: body === undefined ? undefined : JSON.stringify(body), signal });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError({ type: "about:blank", title: "Northing cannot be reached", status: 0, code: "unreachable", detail: "The server did not answer.", hint: "Check the connection and that the server is running." });
  }
}

async function errorOf(response: Response): Promise<ApiError> {
  const fallback: Problem = { type: "about:blank", title: response.statusText || "Request failed", status: response.status, code: "http_error", detail: `The server answered ${response.status}.` };
  try {
    const problem = (await response.json()) as Partial<Problem>;
    return new ApiError({ ...fallback, ...problem, status: response.status }, response);
  } catch {
    return new ApiError(fallback, response); // a proxy's page, not ours
  }
}

function searchText(search: SearchParams | undefined): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(search ?? {})) {
    if (Array.isArray(value)) for (const one of value) params.append(name, String(one));
    else if (value !== undefined && value !== null && value !== "") params.set(name, String(value));
  }
  const text = params.toString();
  return text ? `?${text}` : "";
}
