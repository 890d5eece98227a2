// Starts a worker: its program's script, and the program itself, which the page has compiled already,
// or which is fetched meanwhile. A file of its own, and not a blob, so that the worker has a policy of
// its own.
//
// JavaScript that is run here may be a stranger's. What the page keeps is out of its reach, and so is any
// other worker, which would have all of this again.
const hide = (object, names) => {
  for (const name of names) {
    for (let it = object; it; it = Object.getPrototypeOf(it)) delete it[name];
    if (name in object) Object.defineProperty(object, name, { value: undefined });
  }
};
hide(globalThis, [
  "indexedDB",
  "caches",
  "cookieStore",
  "webkitRequestFileSystem",
  "webkitRequestFileSystemSync",
  "webkitResolveLocalFileSystemURL",
  "webkitResolveLocalFileSystemSyncURL",
  "BroadcastChannel",
  "Worker",
  "SharedWorker",
]);
hide(navigator, ["storage", "storageBuckets", "serviceWorker", "locks"]);

// Fetched when it is chosen.
globalThis.browsersEngine = () => import("./engine.js");

const start = async ({ data: { js, wasm } }) => {
  try {
    const program = typeof wasm === "string" ? fetch(wasm) : wasm;
    const { default: run, fetchPart } = await import(js);
    // In a release what the worker needs is a part of its own: src/parts.txt.
    await fetchPart?.(1);
    await run({ module_or_path: program });
  } catch (error) {
    reportError(error);
  }
};
addEventListener("message", start, { once: true });
