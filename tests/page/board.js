// What the journeys do in the page that WebDriver has no command for; evaluated with the name of
// the deed and its arguments. WebDriver waits for what is promised.
const outcome = () => document.querySelector("#outcome")?.innerText ?? "";
const phase = () => (window.isBeingChosen?.() ? "loading" : document.querySelector("main")?.dataset.phase) ?? "";

// Resolves with the page's clock when the condition has come true.
const comesTrue = (condition) =>
  new Promise((resolve) => {
    const look = () => condition() && (observer.disconnect(), resolve(performance.now()));
    const observer = new MutationObserver(look);
    observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
    look();
  });

// As little of WASI as Go's runtime begins with: no arguments, no directories, a clock, bytes that are not random.
const barelyWasi = (memory) => {
  const EBADF = 8;
  const view = () => new DataView(memory().buffer);
  const none = (count, size) => (view().setUint32(count, 0, true), view().setUint32(size, 0, true), 0);
  const functions = {
    args_sizes_get: none,
    environ_sizes_get: none,
    clock_time_get: (id, precision, to) => (view().setBigUint64(to, BigInt(Math.round(performance.now() * 1e6) + 1), true), 0),
    random_get: (to, size) => (new Uint8Array(memory().buffer, to, size).fill(7), 0),
    fd_prestat_get: () => EBADF,
    proc_exit: (code) => {
      throw new Error(`exit ${code}`);
    },
  };
  return new Proxy(functions, { get: (known, name) => known[name] ?? (() => 0) });
};

const deeds = {
  // What there is to see.
  state() {
    const text = (selector) => document.querySelector(selector)?.innerText ?? "";
    return {
      phase: phase(),
      outcome: outcome(),
      used: text(".used"),
      console: text("#console"),
      alerts: [...document.querySelectorAll("[role=alert]")].map((alert) => alert.innerText).join("\n"),
      all: (document.body?.innerText ?? ""),
    };
  },

  // Drops files on an element, as a browser does; each character of their contents is a byte.
  drop(selector, files) {
    const dataTransfer = new DataTransfer();
    for (const [name, contents] of files) {
      const bytes = Uint8Array.from(contents, (character) => character.charCodeAt(0));
      dataTransfer.items.add(new File([bytes], name));
    }
    for (const type of ["dragenter", "dragover", "drop"]) {
      const event = new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer });
      document.querySelector(selector).dispatchEvent(event);
    }
  },

  // The middle of what can be seen of an element.
  middle(selector) {
    const element = document.querySelector(selector);
    element.scrollIntoView({ block: "nearest" });
    const { left, right, top, bottom } = element.getBoundingClientRect();
    return { x: (left + right) / 2, y: (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2 };
  },

  // Presses a button; the milliseconds until the phase is `end` and the outcome contains `text`.
  async press(label, end, text) {
    const buttons = [...document.querySelectorAll("button")].filter((button) => button.checkVisibility());
    const button = buttons.find((button) => button.innerText.trim().startsWith(label));
    const again = phase() === end;
    const begin = performance.now();
    button.click();
    if (again) await comesTrue(() => phase() !== end);
    return (await comesTrue(() => phase() === end && outcome().includes(text))) - begin;
  },

  // From now on: the milliseconds from when a file is picked until its exports are listed: there are more or fewer than before, or
  // the module is ready.
  timeLoad() {
    const listed = () => document.querySelectorAll(".exports button").length;
    const before = listed();
    window.load = new Promise((resolve) => {
      const picked = async () => {
        const begin = performance.now();
        await comesTrue(() => phase() === "loading");
        const others = () => listed() > 0 && listed() !== before;
        const end = await comesTrue(() => others() || phase() === "ready");
        // Nothing is left to be done that would hold the next one up.
        await comesTrue(() => phase() === "ready");
        resolve(end - begin);
      };
      document.addEventListener("change", picked, { capture: true, once: true });
    });
  },
  // From now on: the milliseconds from when a file is picked until a signature from debug information is
  // in the list of exports.
  timeSignature(signature) {
    const listed = () => {
      const rows = [...document.querySelectorAll(".exports button")];
      return rows.some((row) => row.title === `${signature}, from DWARF`);
    };
    window.load = new Promise((resolve) => {
      const picked = async () => {
        const begin = performance.now();
        resolve((await comesTrue(listed)) - begin);
      };
      document.addEventListener("change", picked, { capture: true, once: true });
    });
  },
  // Chooses an option of the list that is labelled so; the milliseconds until the page says no longer that something is done for it.
  async timeChoice(label, option, meanwhile) {
    const list = [...document.querySelectorAll("select")].find((list) => list.labels[0]?.innerText.startsWith(label));
    const begin = performance.now();
    list.value = [...list.options].find((choice) => choice.text === option).value;
    list.dispatchEvent(new Event("change", { bubbles: true }));
    const isSaid = () => document.body.innerText.includes(meanwhile);
    await comesTrue(isSaid);
    return (await comesTrue(() => !isSaid())) - begin;
  },
  load() {
    return window.load;
  },

  // Watches the page's thread from now on. Where the browser does not tell of long tasks, as Firefox does
  // not, one is the time between two turns of a timer.
  watch() {
    const seen = { longestTask: 0, longestFrame: 0, frames: 0 };
    const task = (duration) => (seen.longestTask = Math.max(seen.longestTask, duration));
    if (PerformanceObserver.supportedEntryTypes.includes("longtask")) {
      const observer = new PerformanceObserver((list) => list.getEntries().forEach((entry) => task(entry.duration)));
      observer.observe({ type: "longtask" });
    } else {
      const turn = (before) => {
        const now = performance.now();
        task(now - before);
        setTimeout(turn, 0, now);
      };
      turn(performance.now());
    }
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

  // Calls an export of a module on the browser's own engine: the least milliseconds of some calls.
  async native(contents, name, argument, calls) {
    const bytes = Uint8Array.from(contents, (character) => character.charCodeAt(0));
    const { instance } = await WebAssembly.instantiate(bytes, { wasi_snapshot_preview1: barelyWasi(() => instance.exports.memory) });
    instance.exports._initialize?.();
    let least = Infinity;
    for (let call = 0; call < calls; call++) {
      const begin = performance.now();
      instance.exports[name](argument);
      least = Math.min(least, performance.now() - begin);
    }
    return least;
  },
};
const [deed, ...args] = arguments;
return deeds[deed](...args);
