// What the journeys do in the page that WebDriver has no command for; evaluated with the name of
// the deed and its arguments.
const deeds = {
  // What there is to see.
  state() {
    const text = (selector) => document.querySelector(selector)?.innerText ?? "";
    return {
      phase: document.querySelector("main")?.dataset.phase ?? "",
      outcome: text("#outcome"),
      console: text("#console"),
      alerts: [...document.querySelectorAll("[role=alert]")].map((alert) => alert.innerText).join("\n"),
      all: document.body.innerText,
    };
  },

  // Drops a file on the page, as a browser does; each character of `contents` is a byte.
  drop(name, contents) {
    const bytes = Uint8Array.from(contents, (character) => character.charCodeAt(0));
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([bytes], name));
    for (const type of ["dragenter", "dragover", "drop"]) {
      const event = new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer });
      document.querySelector("main").dispatchEvent(event);
    }
  },

  // Watches the page's thread from now on.
  watch() {
    const seen = { longestTask: 0, longestFrame: 0, frames: 0 };
    new PerformanceObserver((list) => {
      for (const task of list.getEntries()) seen.longestTask = Math.max(seen.longestTask, task.duration);
    }).observe({ type: "longtask" });
    let last = performance.now();
    const frame = () => {
      const now = performance.now();
      seen.longestFrame = Math.max(seen.longestFrame, now - last);
      seen.frames += 1;
      last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    window.seen = seen;
  },

  // What the watch has seen, in milliseconds.
  seen() {
    return window.seen;
  },
};
const [deed, ...args] = arguments;
return deeds[deed](...args);
