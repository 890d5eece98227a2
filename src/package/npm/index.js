// The entry of the package, in a page, in a worker and in Node: `init` finds plugboard_bg.wasm
// beside this file.

import { build } from "./build.js";
import initialize, { Plugin, savedCalls, updateCalls } from "./plugboard.js";

export { Plugin, build, savedCalls, updateCalls };

let initialized;

// `source` may be the module's URL, Response, bytes or compiled module, where it is elsewhere.
export default function init(source) {
  initialized ??= start(source).catch((error) => {
    initialized = undefined;
    throw error;
  });
  return initialized;
}

async function start(source) {
  const url = new URL("plugboard_bg.wasm", import.meta.url);
  if (source === undefined && url.protocol === "file:" && globalThis.process?.versions?.node) {
    // Node fetches no files. The name is not written out so that bundlers do not look for it.
    const fs = "node:fs/promises";
    const { readFile } = await import(/* @vite-ignore */ /* webpackIgnore: true */ fs);
    source = await readFile(url);
  }
  await initialize(source === undefined ? undefined : { module_or_path: source });
}
