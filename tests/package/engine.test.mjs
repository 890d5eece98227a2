// The engine of Node itself, beside the interpreter.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Plugin, init, wasm, collect } from "./support.mjs";

await init();

const suspends = "promising" in WebAssembly;

test("a plugin runs in the engine of Node itself, where that can suspend it", { skip: !suspends }, async () => {
  const out = collect();
  const plugin = await Plugin.load(await wasm("hello"), { args: ["hello", "-v"], engine: "browser", ...out.options });
  const outcome = await plugin.start();
  assert.equal(outcome.status, "exited");
  assert.equal(outcome.exitCode, 3);
  assert.ok(outcome.fuel > 0n);
  assert.equal(out.stdout(), "hello -v\n");
  assert.equal(out.stderr(), "bye\n");
});

test("where it cannot, that is said", { skip: suspends }, async () => {
  const loaded = Plugin.load(await wasm("hello"), { engine: "browser" });
  await assert.rejects(loaded, /options\.engine: this engine cannot suspend WebAssembly \(JSPI\)/);
});

test("an engine that is none is refused, and so is one with debug", async () => {
  const hello = await wasm("hello");
  const none = Plugin.load(hello, { engine: "wasmi" });
  await assert.rejects(none, /options\.engine: .*"interpreter" or "browser"/);
  const both = Plugin.load(hello, { engine: "browser", debug: true });
  await assert.rejects(both, /with debug, calls run in the interpreter/);
});
