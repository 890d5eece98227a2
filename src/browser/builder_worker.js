// Starts the builder, a worker: its program, and where it has the files of the toolchain from. They are kept in the
// browser's cache storage, where there is one, under names that say what is in them; so a file is fetched once.
const KEPT = "plugboard-go";
const INDEX = "index.json";
const GZIP = [0x1f, 0x8b];

let from;
const address = (name) => new URL(name, from);

const keep = async () => {
  try {
    return await caches.open(KEPT);
  } catch {
    // Private windows and insecure addresses have none.
    return undefined;
  }
};

/** Is there while `make serve`, which serves the page first, makes the rest. */
const MAKING = "being-made";
const MAKING_MILLIS = 1000;

const isMade = async (tell) => {
  const isThere = async (name) => (await fetch(address(name), { method: "HEAD", cache: "no-store" })).ok;
  for (let said = false; !(await isThere(INDEX)) && (await isThere(MAKING)); said = true) {
    if (!said) tell(-1);
    await new Promise((later) => setTimeout(later, MAKING_MILLIS));
  }
};

/** The response that has a file; `tell` hears how many bytes have come, each time that some have, or -1 while there is none yet. */
const fetched = async (name, tell) => {
  if (name === INDEX) await isMade(tell);
  const response = await fetch(address(name));
  if (!response.ok) throw new Error(`${address(name)}: ${response.status} ${response.statusText}`);
  const pieces = [];
  let length = 0;
  for (const reader = response.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(value);
    tell((length += value.length));
  }
  return new Blob(pieces);
};

const compressed = async (name, tell) => {
  const kept = await keep();
  // Its name does not say what is in it: the newest is wanted, or, without a network, the last.
  const isIndex = name === INDEX;
  const found = isIndex ? undefined : await kept?.match(address(name));
  if (found) return found.blob();
  try {
    const file = await fetched(name, tell);
    // A full disk is no reason to fail.
    await kept?.put(address(name), new Response(file)).catch(() => {});
    return file;
  } catch (error) {
    const last = isIndex && (await kept?.match(address(name)));
    if (last) return last.blob();
    throw error;
  }
};

globalThis.browsersEngine = () => import("./engine.js");

/**
 * A file of the toolchain: its bytes, and whether they are compressed still, which they are where the browser cannot
 * decompress them. Some hosts have done it before.
 */
globalThis.toolchainFile = async (name, tell) => {
  const file = await compressed(name, tell);
  const start = new Uint8Array(await file.slice(0, GZIP.length).arrayBuffer());
  const isGzip = GZIP.every((byte, place) => start[place] === byte);
  if (!isGzip || !globalThis.DecompressionStream) return [new Uint8Array(await file.arrayBuffer()), isGzip];
  const stream = file.stream().pipeThrough(new DecompressionStream("gzip"));
  return [new Uint8Array(await new Response(stream).arrayBuffer()), false];
};

/** Forgets what is kept but is none of these: files of a toolchain that there was before. */
globalThis.forgetOtherFiles = async (names) => {
  const kept = await keep();
  const wanted = new Set([INDEX, ...names].map((name) => address(name).href));
  for (const { url } of (await kept?.keys()) ?? []) {
    if (!wanted.has(url)) await kept.delete(url);
  }
};

const start = async ({ data: { js, wasm } }) => {
  try {
    from = new URL("go/", js);
    const { default: run } = await import(js);
    await run({ module_or_path: wasm });
  } catch (error) {
    reportError(error);
  }
};
addEventListener("message", start, { once: true });
