// Starts the page: the theme before the first paint, then the app, or a message where it cannot run.
// A file of its own, since the page's policy forbids scripts in its text; Trunk.toml names the app, and for a
// release release.mjs the script that keeps it.
(() => {
  const { js, wasm, keeper, go } = document.currentScript.dataset;
  // Whether there is what builds Go beside the page.
  if (go) document.documentElement.dataset.go = go;

  let theme;
  try {
    theme = localStorage.getItem("plugboard.theme");
    if (theme) document.documentElement.dataset.theme = theme;
  } catch {
    // Storage is forbidden here: the system's theme it is.
  }

  // The least module that needs tail calls: a function that returns a call of itself.
  const tailCall = [
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10, 6, 1, 4, 0, 0x12, 0, 0x0b,
  ];
  const runs =
    typeof WebAssembly === "object" && WebAssembly.validate(Uint8Array.from(tailCall));

  // Once the app is there, the place for messages is not.
  const place = () => document.getElementById("start");
  const say = (message) => {
    if (place()) place().textContent = message;
  };

  // Both at once, before the page has been read.
  const script = (name) => import(new URL(name, document.baseURI));
  const app = runs && Promise.all([script(js), script("store.js")]);
  const program = runs && fetch(new URL(wasm, document.baseURI));
  for (const fetched of [app, program]) if (fetched) fetched.catch(() => {});

  const start = async () => {
    if (!runs) {
      say(
        "Plugboard cannot run here: this browser does not have WebAssembly tail calls. " +
          "Use Chrome or Edge 112, Firefox 121, Safari 18.2, or a later version.",
      );
      return;
    }
    // A fast start shows nothing; a slow one says what it is waiting for.
    const slow = setTimeout(() => say("Loading Plugboard…"), 400);
    try {
      const [{ default: run }] = await app;
      await run({ module_or_path: program });
      whenDrawn();
    } catch (error) {
      clearTimeout(slow);
      say(`Plugboard could not be loaded: ${error.message} Reload the page to try again.`);
    }
  };

  // ---- What is done before the app is there: it is done once it is. ----

  let wanted;
  const later = (message, action) => {
    if (!place()) return action();
    wanted = action;
    say(`Plugboard is loading; then ${message}.`);
  };
  const hand = (files) => {
    const dataTransfer = new DataTransfer();
    for (const file of files) dataTransfer.items.add(file);
    document.body.dispatchEvent(
      new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }),
    );
  };
  const take = (files) => {
    if (files.length) later(`it takes ${files[0].name}`, () => hand(files));
  };
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  const early = {
    dragover: (event) => carriesFiles(event) && event.preventDefault(),
    drop: (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      const { files, items } = event.dataTransfer;
      const isFolder = (item) => item.webkitGetAsEntry?.()?.isDirectory;
      if ([...items].some(isFolder)) say("Plugboard is loading. Drop the folder again in a moment.");
      else take([...files]);
    },
    click: ({ target }) => {
      const text = target.closest?.("button")?.textContent;
      const same = (button) => button.textContent === text;
      const again = () => [...document.querySelectorAll("button")].find(same)?.click();
      if (text) later("it does what you chose", again);
    },
  };
  for (const [name, heard] of Object.entries(early)) addEventListener(name, heard);

  const whenRead = () => {
    if (theme) document.querySelector(".theme > span").lastChild.data = theme;
    // The file may be picked when the app is there already, and this field is not.
    document.getElementById("open").addEventListener("change", ({ target }) => take([...target.files]));
    start();
  };
  const whenDrawn = () => {
    if (place()) return setTimeout(whenDrawn);
    for (const [name, heard] of Object.entries(early)) removeEventListener(name, heard);
    wanted?.();
    if (keeper) setTimeout(keep, 1000);
    for (const name of hints) addEventListener(name, expect, { capture: true, passive: true });
  };
  document.addEventListener("DOMContentLoaded", whenRead);

  // Firefox leaves a list as a person has set it, whichever option the page says is selected after that.
  new MutationObserver((changes) => {
    for (const { target } of changes) if (target.hasAttribute("selected")) target.selected = true;
  }).observe(document, { subtree: true, attributeFilter: ["selected"] });

  // ---- The part of the program that comes later (src/parts.txt): with the first sign that it may be needed. ----

  const hints = ["pointerdown", "keydown", "dragenter"];
  let coming;
  // Where it fails, it is tried again when it is needed.
  globalThis.wholeProgram = () =>
    (coming ??= app.then(([{ fetchPart }]) => fetchPart?.(2)).catch(() => (coming = undefined)));
  const expect = () => {
    for (const name of hints) removeEventListener(name, expect, { capture: true });
    setTimeout(globalThis.wholeProgram, 100);
  };
  addEventListener("part-missing", () =>
    announce("Plugboard could not load a part of itself. What you do may have no effect until it is reloaded. ", () =>
      location.reload(),
    ),
  );

  // ---- The page without a network. ----

  const keep = async () => {
    const workers = navigator.serviceWorker;
    // Not in a private window, or by a host without TLS: then it is fetched each time.
    const kept = await workers?.register(keeper, { updateViaCache: "none" }).catch(() => {});
    if (!kept) return;
    const takeOver = (worker) => () => {
      workers.addEventListener("controllerchange", () => location.reload());
      worker.postMessage("take over");
    };
    const offer = (worker) =>
      worker?.state === "installed" &&
      workers.controller &&
      announce("There is a new version of Plugboard. ", takeOver(worker));
    const watch = (worker) => worker?.addEventListener("statechange", () => offer(worker));
    offer(kept.waiting);
    watch(kept.installing);
    kept.addEventListener("updatefound", () => watch(kept.installing));
    // Browsers look when a page is opened; this one stays open all day.
    let looked = Date.now();
    addEventListener("focus", () => {
      if (Date.now() - looked < 3_600_000) return;
      looked = Date.now();
      kept.update().catch(() => {});
    });
  };
  /** Says something, and offers to reload the page. */
  const announce = (message, reload) => {
    document.getElementById("new-version")?.remove();
    const notice = document.createElement("p");
    notice.id = "new-version";
    notice.setAttribute("role", "status");
    const button = (text, action) => {
      const made = document.createElement("button");
      made.textContent = text;
      made.addEventListener("click", action);
      return made;
    };
    notice.append(message, button("Reload", reload), " ", button("Not now", () => notice.remove()));
    document.body.append(notice);
  };
})();
