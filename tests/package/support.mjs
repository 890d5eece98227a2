// What the tests share: the package, guests, and what they print.

import { access, constants, readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";

const repository = new URL("../../", import.meta.url);
export const entry = process.env.PLUGBOARD ?? new URL("target/package/index.js", repository);

export const { default: init, Plugin, build, savedCalls } = await import(entry);

// With `ENGINE=browser` in the environment all that is not debugged runs there; Node 24 wants `--experimental-wasm-jspi` for it.
export const engine = process.env.ENGINE ?? "interpreter";
const { load } = Plugin;
const isOptions = (options) => options === undefined || (typeof options === "object" && options !== null);
// What reads itself as it is read does so in the package only.
const withEngine = (options) => Object.defineProperties({ engine }, Object.getOwnPropertyDescriptors(options ?? {}));
Plugin.load = (module, options) =>
  load.call(Plugin, module, engine === "interpreter" || options?.debug || !isOptions(options) ? options : withEngine(options));

/** A guest of tests/package/guests, assembled by `make package-guests`. */
export function wasm(name) {
  return readFile(new URL(`target/guests/package/${name}.wasm`, repository));
}

export function text(bytes) {
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}

/** Options that keep what is printed, and what that was. */
export function collect() {
  const chunks = { stdout: [], stderr: [], host: [] };
  const keep = (stream) => (chunk) => chunks[stream].push(chunk);
  const all = (stream) => Buffer.concat(chunks[stream]);
  return {
    options: { onStdout: keep("stdout"), onStderr: keep("stderr"), onHost: keep("host") },
    stdout: () => text(all("stdout")),
    stderr: () => text(all("stderr")),
    host: () => text(all("host")),
    bytes: () => all("stdout"),
  };
}

/** The command `go`, if there is one. */
export const go = await findGo();

async function findGo() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  for (const path of folders.map((folder) => join(folder, "go"))) {
    if (await access(path, constants.X_OK).then(() => true, () => false)) return path;
  }
  return undefined;
}
