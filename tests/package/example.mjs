// Runs a plugin: node example.mjs <plugin.wasm> [export [argument…]]
//
//   node tests/package/example.mjs plugin/build/greet.wasm greet WaZero

import { readFile } from "node:fs/promises";
// With the package installed: import init, { Plugin } from "plugboard";
import init, { Plugin } from "../../target/package/index.js";

const [file, name, ...args] = process.argv.slice(2);
if (!file) {
  console.error("usage: node example.mjs <plugin.wasm> [export [argument…]]");
  process.exit(2);
}

await init();
const plugin = await Plugin.load(await readFile(file), {
  args: [file, ...args],
  limits: { fuel: 10n ** 10n, wallMillis: 60_000 },
  onStdout: (chunk) => process.stdout.write(chunk),
  onStderr: (chunk) => process.stderr.write(chunk),
});

if (!name && plugin.kind !== "command") {
  console.log(`${file}: ${plugin.kind}`);
  for (const { name, go, from } of plugin.exports) {
    console.log(`  ${go ?? name}  (${from})`);
  }
  process.exit();
}

// Ctrl-C ends the plugin, whatever it is doing.
process.once("SIGINT", () => plugin.stop());
const outcome = name ? await plugin.call(name, args) : await plugin.start();
console.error(outcome);
process.exitCode = outcome.exitCode ?? (outcome.status === "returned" ? 0 : 1);
