// What is wrong in a file: underlined, with a mark beside the line, and its words where the pointer or the cursor is.
import { forEachDiagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { StateField } from "@codemirror/state";
import { EditorView, showTooltip } from "@codemirror/view";

/** Where a column, which counts bytes of UTF-8 from 1, is in a line's text. */
export const place = (text, column) => {
  let bytes = 1;
  let at = 0;
  for (const character of text) {
    if (bytes >= column) break;
    const code = character.codePointAt(0);
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    at += character.length;
  }
  return at;
};

const diagnostic = (state, { line, column, message, is_warning: isWarning }) => {
  const { from, to, text } = state.doc.line(Math.min(Math.max(line, 1), state.doc.lines));
  const indent = text.length - text.trimStart().length;
  const at = column ? from + place(text, column) : from + indent;
  const word = column && state.wordAt(at);
  const end = !column ? to : word && word.to > at ? word.to : Math.min(at + 1, to);
  // What is wrong at the end of a line is seen at the sign before it.
  const start = at === end && at > from ? at - 1 : at;
  return { from: start, to: end, severity: isWarning ? "warning" : "error", message };
};

/** What shows these diagnostics in place of those of before. */
export const say = (state, wrong) =>
  setDiagnostics(
    state,
    wrong.map((one) => diagnostic(state, one)).sort((one, other) => one.from - other.from),
  );

const all = (state) => {
  const found = [];
  forEachDiagnostic(state, ({ message, severity }, from, to) => found.push({ message, severity, from, to }));
  return found;
};

const tooltip = ({ message, severity, from }) => ({
  pos: from,
  above: true,
  create: () => {
    const dom = document.createElement("div");
    dom.className = `wrong ${severity}`;
    dom.textContent = message;
    return { dom };
  },
});

/** What is said where the cursor was put, until it goes elsewhere or something is typed. */
const atCursor = StateField.define({
  create: () => null,
  update(before, transaction) {
    if (transaction.isUserEvent("select.wrong")) {
      const { head } = transaction.state.selection.main;
      const found = all(transaction.state).find(({ from, to }) => from <= head && head <= to);
      return found ? tooltip(found) : null;
    }
    return transaction.docChanged || transaction.selection ? null : before;
  },
  provide: (field) => showTooltip.from(field),
});

/** Goes to the next thing that is wrong, or the one before, and says it. Where nothing is, the key is the page's. */
export const wrongAt = (step) => (view) => {
  const found = all(view.state);
  if (!found.length) return false;
  const { head } = view.state.selection.main;
  const next =
    step > 0 ? found.find(({ from }) => from > head) ?? found[0] : found.findLast(({ from }) => from < head) ?? found.at(-1);
  view.dispatch({
    selection: { anchor: next.from },
    scrollIntoView: true,
    userEvent: "select.wrong",
    effects: EditorView.announce.of(`Line ${view.state.doc.lineAt(next.from).number}: ${next.message}`),
  });
  return true;
};

export const wrongs = [lintGutter(), atCursor];
