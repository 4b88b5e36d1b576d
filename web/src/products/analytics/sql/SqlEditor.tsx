import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { sql, SQLDialect, StandardSQL } from "@codemirror/lang-sql";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { Compartment, EditorState, Prec, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers, placeholder } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "react";

import type { SqlTable } from "./schema";
import styles from "./Sql.module.css";

export interface SqlEditorProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onRun: () => void;
  readonly tables: readonly SqlTable[];
}

/** The default export because it is loaded lazily, with the editor's library in its chunk. */
export default function SqlEditor({ value, onChange, onRun, tables }: SqlEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef({ onChange, onRun });
  useEffect(() => {
    latest.current = { onChange, onRun };
  });
  useEffect(() => {
    if (!host.current) return;
    // In a shadow root the library adopts its style sheets; in the page it would write <style> elements, which our policy refuses.
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: "open" });
    const changed = EditorView.updateListener.of((update) => update.docChanged && latest.current.onChange(update.state.doc.toString()));
    const run = Prec.highest(keymap.of([{ key: "Mod-Enter", run: () => (latest.current.onRun(), true) }]));
    view.current = new EditorView({ root, parent: root, state: EditorState.create({ doc: value, extensions: [run, changed, ...EXTENSIONS, language.of(languageFor([]))] }) });
    return () => view.current?.destroy();
    // The editor owns its text from here on; changes from outside come through the next effect.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);
  useEffect(() => {
    view.current?.dispatch({ effects: language.reconfigure(languageFor(tables)) });
  }, [tables]);
  return <div ref={host} className={styles.editor} />;
}

const language = new Compartment();
const CLICKHOUSE = SQLDialect.define({ ...StandardSQL.spec, backslashEscapes: true, identifierQuotes: '`"', builtin: "array final any asof semi anti prewhere" });

function languageFor(tables: readonly SqlTable[]): Extension {
  const schema = Object.fromEntries(tables.map((table) => [table.name, table.columns.map((column) => column.name)]));
  return sql({ dialect: CLICKHOUSE, schema, defaultTable: "events", upperCaseKeywords: true });
}

const theme = EditorView.theme({
  "&": { height: "100%", fontSize: "13px", color: "var(--text-1)", backgroundColor: "var(--surface)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "1.6" },
  ".cm-content": { caretColor: "var(--text-1)", padding: "8px 0" },
  ".cm-cursor": { borderLeftColor: "var(--text-1)" },
  ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--text-3)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--surface-2)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--bar)" },
  ".cm-activeLine": { backgroundColor: "transparent" },
  ".cm-placeholder": { color: "var(--text-3)" },
  ".cm-matchingBracket": { backgroundColor: "var(--surface-3) !important", color: "inherit" },
  ".cm-tooltip": { backgroundColor: "var(--floating)", color: "var(--text-1)", border: "1px solid var(--border)", borderRadius: "6px", overflow: "hidden" },
  ".cm-tooltip-autocomplete > ul": { fontFamily: "var(--font-mono)", fontSize: "12px" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--surface-3)", color: "var(--text-1)" },
});

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.standard(tags.name)], color: "var(--accent)", fontWeight: "500" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--good)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--bad)" },
  { tag: tags.comment, color: "var(--text-3)", fontStyle: "italic" },
]);

const EXTENSIONS: readonly Extension[] = [
  lineNumbers(),
  history(),
  drawSelection(),
  bracketMatching(),
  closeBrackets(),
  autocompletion({ icons: false }),
  highlightActiveLine(),
  EditorView.lineWrapping,
  syntaxHighlighting(colours),
  theme,
  placeholder("SELECT event, count() AS events FROM events GROUP BY event ORDER BY events DESC"),
  EditorView.contentAttributes.of({ "aria-label": "SQL statement" }),
  // Tab leaves the editor after Escape, as the library has it.
  keymap.of([...closeBracketsKeymap, ...completionKeymap, ...defaultKeymap, ...historyKeymap, indentWithTab]),
];
