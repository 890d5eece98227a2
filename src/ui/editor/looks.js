// The page's colours and type, by the names that base.css gives them: a shadow root has those of what it is in.
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const theme = EditorView.theme({
  "&": { height: "100%", color: "var(--ink)", backgroundColor: "var(--paper)", fontSize: "var(--text)" },
  "&.cm-focused": { outline: "0" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "20px", overflow: "auto" },
  ".cm-content": { padding: "0", caretColor: "var(--ink)" },
  ".cm-gutters": { color: "var(--muted)", backgroundColor: "var(--sunken)", borderRight: "1px solid var(--line)" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "3rem", cursor: "pointer", borderRight: "3px solid transparent" },
  ".cm-lineNumbers .has-code": { color: "var(--ink)" },
  ".cm-lineNumbers .reached": { borderRightColor: "var(--good)" },
  ".cm-lineNumbers .missed": { borderRightColor: "var(--bad)" },
  ".cm-lineNumbers .stop": { color: "var(--on-accent)", backgroundColor: "var(--accent)" },
  "@media (forced-colors: active)": {
    ".cm-lineNumbers .stop": { color: "HighlightText", backgroundColor: "Highlight", forcedColorAdjust: "none" },
    ".cm-line.led-to": { outline: "2px solid Highlight" },
  },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine": { backgroundColor: "var(--hover)" },
  ".cm-line.led-to": { backgroundColor: "var(--tint)", boxShadow: "inset 3px 0 var(--accent)" },
  "&.cm-focused .cm-matchingBracket": { color: "inherit", backgroundColor: "var(--tint)", outline: "1px solid var(--edge)" },
  "&.cm-focused .cm-nonmatchingBracket": { color: "var(--bad)", backgroundColor: "transparent" },
  ".cm-searchMatch": { backgroundColor: "var(--tint)", outline: "1px solid var(--edge)" },
  ".cm-searchMatch-selected": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
  ".cm-searchMatch-selected *": { color: "inherit" },
  ".cm-specialChar": { color: "var(--bad)" },
  ".cm-panels": { color: "var(--ink)", backgroundColor: "var(--panel)" },
  ".cm-panels.cm-panels-top": { borderBottom: "1px solid var(--line)" },
  ".cm-panels.cm-panels-bottom": { borderTop: "1px solid var(--line)" },
  ".cm-panel.cm-search": { padding: "4px 28px 4px 6px", fontFamily: "var(--sans)" },
  ".cm-panel input, .cm-panel button, .cm-panel label": { font: "inherit", fontSize: "var(--text)" },
  ".cm-textfield": { color: "var(--ink)", backgroundColor: "var(--paper)", border: "1px solid var(--edge)" },
  ".cm-button": {
    color: "var(--ink)",
    backgroundColor: "var(--paper)",
    backgroundImage: "none",
    border: "1px solid var(--edge)",
    borderRadius: "var(--round)",
  },
  ".cm-button:hover": { backgroundColor: "var(--hover)" },
  ".cm-panel.cm-search [name=close]": { color: "var(--ink)", fontSize: "var(--title)" },
  ".cm-panel :focus-visible": { outline: "2px solid var(--accent)", outlineOffset: "1px" },
  ".cm-tooltip": {
    color: "var(--ink)",
    backgroundColor: "var(--panel)",
    border: "1px solid var(--edge)",
    borderRadius: "var(--round)",
    maxWidth: "min(40rem, 90vw)",
  },
  ".wrong, .cm-diagnostic": {
    padding: "4px 8px",
    fontFamily: "var(--sans)",
    whiteSpace: "pre-wrap",
    overflowWrap: "anywhere",
    borderLeft: "3px solid var(--bad)",
  },
  ".wrong.warning, .cm-diagnostic-warning": { borderLeftColor: "var(--stderr)" },
  ".cm-lintRange": { backgroundImage: "none", paddingBottom: "0", textDecoration: "underline wavy var(--bad)" },
  ".cm-lintRange-warning": { textDecorationColor: "var(--stderr)" },
});

const colours = HighlightStyle.define([
  { tag: tags.comment, color: "var(--muted)" },
  { tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword, tags.definitionKeyword, tags.moduleKeyword], color: "var(--accent)" },
  { tag: [tags.string, tags.character, tags.escape], color: "var(--good)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--stderr)" },
  { tag: [tags.typeName, tags.standard(tags.typeName)], color: "var(--host)" },
  { tag: [tags.function(tags.definition(tags.variableName)), tags.definition(tags.typeName)], fontWeight: "600" },
]);

export const looks = [theme, syntaxHighlighting(colours)];
