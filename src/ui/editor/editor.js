// The editor of the Source panel: CodeMirror, as one file that is loaded when there is something to edit (`make editor`).
// It is in a shadow root, where its styles need no `<style>`, which the page's policy forbids. The page calls `show`
// with all that is to be seen; what somebody does comes back as `change` events of the host, whose detail is
// `["text", path, text]` or `["line", path, number]`.
import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { goLanguage } from "@codemirror/lang-go";
import { search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState } from "@codemirror/state";
import {
  EditorView,
  dropCursor,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
} from "@codemirror/view";
import { looks } from "./looks.js";
export { tar, untar } from "./tar.js";
import { mark, marks } from "./marks.js";
import { place, wrongs, wrongAt } from "./wrongs.js";

/**
 * What is known of a file, by its path: its state, where it is scrolled to, and what the page has said of it last; the
 * texts that the page was told, until it says them.
 */
let files = new Map();
/** The plugin whose files these are. */
let owner;
let view;
let host;
/** The path of the file that is shown. */
let shown;
/** How often something has led to a line. */
let visited;

const file = (path) => {
  if (!files.has(path)) files.set(path, { told: [] });
  return files.get(path);
};

const tell = (...what) => host.dispatchEvent(new CustomEvent("change", { detail: what }));

// ---- What an editor is. ----

const name = new Compartment();
const named = (path) => EditorView.contentAttributes.of({ "aria-label": path, spellcheck: "false", tabindex: "0" });

const heard = EditorView.updateListener.of(({ docChanged, state }) => {
  if (!docChanged) return;
  const text = state.doc.sliceString(0, state.doc.length, breakOf(file(shown).text));
  if (file(shown).text === text) return;
  file(shown).text = text;
  file(shown).told.push(text);
  tell("text", shown, text);
});

const keys = keymap.of([
  ...closeBracketsKeymap,
  { key: "F8", run: wrongAt(1), shift: wrongAt(-1) },
  {
    key: "F9",
    run: ({ state }) => {
      tell("line", shown, String(state.doc.lineAt(state.selection.main.head).number));
      return true;
    },
  },
  // Ctrl+Enter calls, wherever one is.
  ...defaultKeymap.filter(({ key }) => key !== "Mod-Enter"),
  ...searchKeymap,
  ...historyKeymap,
  indentWithTab,
]);

const usual = [
  EditorState.tabSize.of(4),
  indentUnit.of("\t"),
  marks((line) => tell("line", shown, String(line))),
  wrongs,
  history(),
  highlightSpecialChars(),
  dropCursor(),
  indentOnInput(),
  bracketMatching(),
  closeBrackets(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  search({ top: true }),
  keys,
  heard,
  looks,
];

const begin = (path, text) =>
  EditorState.create({
    doc: text,
    extensions: [name.of(named(path)), path.endsWith(".go") ? goLanguage : [], usual],
  });

// ---- Where it is. ----

const leave = () => {
  if (shown === undefined || !view) return;
  Object.assign(file(shown), { state: view.state, scroll: view.scrollSnapshot() });
};

/** Has the page hear what the editor leaves alone, as if there were none. */
const outward = (event) => {
  if (!event.dataTransfer?.files.length) return;
  event.preventDefault();
  event.stopPropagation();
  const { dataTransfer, clientX, clientY } = event;
  host.dispatchEvent(new DragEvent("drop", { dataTransfer, clientX, clientY, bubbles: true, cancelable: true }));
};

const enter = (place) => {
  leave();
  view?.destroy();
  host = place;
  shown = undefined;
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  view = new EditorView({ root, parent: root });
  // Where the focus is moved here, it is the text's.
  host.tabIndex = -1;
  host.addEventListener("focus", () => view.focus());
  // A key that meant something here means nothing to the page.
  root.addEventListener("keydown", (event) => event.defaultPrevented && event.stopPropagation());
  // Files are the page's.
  root.addEventListener("drop", outward, { capture: true });
};

/** What turns one text into another, where they differ in nothing but white space; undefined where they do not. */
const spaces = (now, text) => {
  const space = /\s*/y;
  const run = (within, at) => {
    space.lastIndex = at;
    return space.exec(within)[0];
  };
  const changes = [];
  for (let from = 0, at = 0; ; from++, at++) {
    const [gap, insert] = [run(now, from), run(text, at)];
    const to = from + gap.length;
    if (gap !== insert) changes.push({ from, to, insert });
    [from, at] = [to, at + insert.length];
    if (now[from] !== text[at]) return undefined;
    if (from === now.length) return changes;
  }
};

/** The same for any two, as one change of all that is between what they begin and what they end with. */
const whole = (now, text) => {
  const least = Math.min(now.length, text.length);
  let begins = 0;
  while (begins < least && now[begins] === text[begins]) begins++;
  let ends = 0;
  while (ends < least - begins && now[now.length - 1 - ends] === text[text.length - 1 - ends]) ends++;
  return { from: begins, to: now.length - ends, insert: text.slice(begins, text.length - ends) };
};

/** Puts a text in place of the one that is shown, so that it can be undone and what stays keeps its place. */
const replace = (text) => {
  const now = view.state.doc.toString();
  const then = text.replace(/\r\n?/g, "\n");
  view.dispatch({ changes: spaces(now, then) ?? whole(now, then) });
};

/** What a file's lines end with. */
const breakOf = (text) => (text.includes("\r\n") ? "\r\n" : "\n");

/** A file that is called otherwise now keeps what can be undone. */
const rename = (path, paths, text) => {
  if (shown === undefined || files.has(path) || paths.includes(shown) || file(shown).text !== text) return;
  leave();
  files.set(path, file(shown));
  files.delete(shown);
};

/**
 * Shows a file in the host.
 *
 * @param {HTMLElement} where the host
 * @param {number} of counts the plugins: another one has other files
 * @param {string} path the file's path
 * @param {string} text its text
 * @param {string} about JSON: `paths` of all files, `breakpoints`, `code` (lines, and whether they were reached), `line`
 *   and `column` that something led to, with `visits`, and `wrong`, the diagnostics
 */
export const show = (where, of, path, text, about) => {
  if (of !== owner) {
    shown = undefined;
    files = new Map();
    owner = of;
    visited = 0;
  }
  if (where !== host) enter(where);
  const { paths, line, column, visits, wrong, ...gutter } = JSON.parse(about);
  rename(path, paths, text);
  const known = file(path);
  if (path !== shown) {
    leave();
    known.text ??= text;
    const begun = known.state ?? begin(path, text);
    shown = path;
    view.setState(begun);
    view.dispatch({ effects: [name.reconfigure(named(path)), ...(known.scroll ? [known.scroll] : [])] });
    // What somebody pressed to come here may be gone.
    if (document.activeElement === document.body && navigator.userActivation?.hasBeenActive) view.focus();
    for (const other of files.keys()) if (!paths.includes(other)) files.delete(other);
  }
  // The page draws what was typed a moment ago, maybe more than once, while somebody types on.
  if (known.said !== text) {
    known.said = text;
    const echo = known.told.lastIndexOf(text);
    known.told.splice(0, echo + 1);
    if (echo < 0 && known.text !== text) {
      known.told = [];
      known.text = text;
      replace(text);
    }
  }
  if (known.about !== about) {
    known.about = about;
    mark(view, gutter, line, wrong, known);
    if (visits !== visited && line && line <= view.state.doc.lines) {
      const { from, text: there } = view.state.doc.line(line);
      const anchor = from + (column && place(there, column));
      view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
      // Who goes to a mistake is to mend it.
      if (column) view.focus();
    }
    visited = visits;
  }
};
