// What stands beside the lines, and at them: where calls stop, what was reached, where something has led. All of it
// goes with its line while somebody types; the page says it anew.
import { RangeSet, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, GutterMarker, lineNumberMarkers, lineNumbers } from "@codemirror/view";
import { say } from "./wrongs.js";

class Mark extends GutterMarker {
  constructor(elementClass) {
    super();
    this.elementClass = elementClass;
  }

  eq(other) {
    return other.elementClass === this.elementClass;
  }
}

const kinds = {
  stop: new Mark("stop"),
  code: new Mark("has-code"),
  reached: new Mark("has-code reached"),
  missed: new Mark("has-code missed"),
};
const here = Decoration.line({ class: "led-to", attributes: { "aria-current": "location" } });

const set = StateEffect.define();

/** The marks, as a field for each kind that CodeMirror tells apart. */
const field = (key, provide) =>
  StateField.define({
    create: () => RangeSet.empty,
    update(before, { changes, effects }) {
      for (const effect of effects) if (effect.is(set)) return effect.value[key];
      return before.map(changes);
    },
    provide,
  });

/** The marks of a file; `press` hears on which line's number somebody has pressed. */
export const marks = (press) => [
  field("gutter", (it) => lineNumberMarkers.from(it)),
  field("lines", (it) => EditorView.decorations.from(it)),
  lineNumbers({
    domEventHandlers: {
      mousedown({ state }, { from }) {
        press(state.doc.lineAt(from).number);
        return true;
      },
    },
  }),
];

/** Marks what the page says. */
export const mark = (view, { breakpoints, code }, line, wrong, known) => {
  const { doc } = view.state;
  const at = (number) => doc.line(number).from;
  const within = (number) => number > 0 && number <= doc.lines;
  const gutter = [
    ...breakpoints.filter(within).map((number) => kinds.stop.range(at(number))),
    ...code
      .filter(([number]) => within(number))
      .map(([number, reached]) =>
        kinds[reached === null ? "code" : reached ? "reached" : "missed"].range(at(number)),
      ),
  ];
  const lines = within(line) ? [here.range(at(line))] : [];
  view.dispatch({
    effects: set.of({ gutter: RangeSet.of(gutter, true), lines: Decoration.set(lines) }),
  });
  // They go along with what is typed, until there are others.
  const wrongs = JSON.stringify(wrong);
  if (known.wrong !== wrongs) {
    known.wrong = wrongs;
    view.dispatch(say(view.state, wrong));
  }
};
