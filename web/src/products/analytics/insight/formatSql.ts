/** Lays out a statement for reading: a clause a line, subqueries indented. Changes nothing but white space, and leaves the ends of comments where they are. */

const TOKEN = /--[^\n]*|\{\w+:[^{}]*\}|'(?:\\[^]|''|[^'\\])*'|`(?:\\[^]|[^`\\])*`|"(?:\\[^]|[^"\\])*"|[\p{L}\p{N}_.]+|\s+|[^]/gu;
const CLAUSES: ReadonlySet<string> = new Set(["SELECT", "FROM", "WHERE", "PREWHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "UNION", "INTERSECT", "EXCEPT", "WITH", "SETTINGS", "LEFT", "RIGHT", "INNER", "FULL", "CROSS", "ANY", "ASOF", "SEMI", "ANTI", "ARRAY", "JOIN"]);
const JOIN_WORDS: ReadonlySet<string> = new Set(["LEFT", "RIGHT", "INNER", "FULL", "CROSS", "ANY", "ASOF", "SEMI", "ANTI", "OUTER", "GLOBAL", "ARRAY", "ALL"]);
const BROKEN_LINE = 70;

interface Layout {
  text: string;
  /** One entry for each open parenthesis: whether it holds a query. */
  readonly open: boolean[];
  last: string;
  /** The next AND belongs to a BETWEEN. */
  between: boolean;
}

export function formatSql(sql: string): string {
  const tokens = sql.trim().match(TOKEN) ?? [];
  const layout: Layout = { text: "", open: [], last: "", between: false };
  tokens.forEach((token, index) => put(layout, token, tokens, index));
  return layout.text.replace(/[ \t]+$/gm, "");
}

function put(layout: Layout, token: string, tokens: readonly string[], index: number) {
  if (/^\s+$/.test(token)) {
    if (!/[\s(]$/.test(layout.text)) layout.text += " ";
    return;
  }
  if (token.startsWith("--")) return putComment(layout, token);
  const word = token.toUpperCase();
  const inQuery = layout.open[layout.open.length - 1] ?? true;
  if (token === "(") return openParenthesis(layout, startsQuery(tokens, index));
  if (token === ")") return closeParenthesis(layout);
  if (inQuery && breaksBefore(word, layout)) breakLine(layout, word === "AND" || word === "OR" ? 1 : 0);
  layout.text += token;
  layout.last = word;
  if (inQuery && (word === "BETWEEN" || word === "AND")) layout.between = word === "BETWEEN";
  if (inQuery && token === "," && lineLength(layout.text) > BROKEN_LINE) breakLine(layout, 1);
}

/** A line of its own, so that it ends before what follows; a statement that is not the first has an empty line above its comments. */
function putComment(layout: Layout, comment: string) {
  const before = layout.text.trimEnd();
  const gap = before === "" ? "" : layout.last === "--" ? "\n" : "\n\n";
  layout.text = `${before}${gap}${comment.trimEnd()}\n`;
  layout.last = "--";
  layout.between = false;
}

function breaksBefore(word: string, { last, between }: Layout): boolean {
  if (word === "AND" || word === "OR") return !between;
  if (!CLAUSES.has(word) || JOIN_WORDS.has(last)) return false;
  return !(word === "SELECT" && last === "(") && !(word === "FROM" && last === "(");
}

function startsQuery(tokens: readonly string[], index: number): boolean {
  const next = tokens.slice(index + 1).find((token) => !/^\s+$/.test(token));
  return next !== undefined && ["SELECT", "WITH"].includes(next.toUpperCase());
}

function openParenthesis(layout: Layout, isQuery: boolean) {
  layout.text += "(";
  layout.open.push(isQuery);
  layout.last = "(";
  if (isQuery) breakLine(layout, 0);
}

function closeParenthesis(layout: Layout) {
  const wasQuery = layout.open.pop() ?? false;
  if (wasQuery) breakLine(layout, 0);
  layout.text += ")";
  layout.last = ")";
}

function breakLine(layout: Layout, more: number) {
  if (layout.text === "" || layout.text.endsWith("\n")) return;
  const depth = layout.open.filter(Boolean).length + more;
  const kept = layout.text.trimEnd();
  layout.text = `${kept}\n${"  ".repeat(depth)}`;
}

function lineLength(text: string): number {
  return text.length - text.lastIndexOf("\n");
}
