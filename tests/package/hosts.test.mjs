// Plugins that are written for a framework, with its host.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { test } from "node:test";
import { init, Plugin, text } from "./support.mjs";

await init();

const extism = await readFile(new URL("../../plugin/build/extism.wasm", import.meta.url));

test("a plugin of Extism is recognised and called by its form", async () => {
  let said = "";
  const plugin = await Plugin.load(extism, { onHost: (bytes) => (said += text(bytes)) });
  assert.equal(plugin.host.name, "extism");
  assert.deepEqual([...plugin.host.exports].sort(), ["count", "fetch", "greet", "shout"]);
  const { status, shown } = await plugin.perform("greet", { input: "Ada", config: { greeting: "Salve" } });
  assert.deepEqual([status, shown.failed, text(shown.output)], ["returned", undefined, "Salve, Ada!"]);
  assert.equal(said, "info: greeting Ada\n");
  const failed = await plugin.perform("greet");
  assert.equal(failed.shown.failed, "whom? The input is empty");
  await plugin.perform("count");
  const { variables } = (await plugin.perform("count")).shown;
  assert.deepEqual(variables, { count: { before: "1", after: "2" } });
});

test("what fits no field is refused", async () => {
  const plugin = await Plugin.load(extism);
  await assert.rejects(plugin.perform("greet", { inputs: "" }), /fields\.inputs/);
  await assert.rejects(plugin.perform("greet", { input: 1 }), /fields\.input: needs a string or a Uint8Array/);
  await assert.rejects(plugin.perform("malloc"), /perform: malloc has no form: its host calls/);
  await assert.rejects(Plugin.load(extism, { host: "envoy" }), /options\.host: needs "extism"/);
});

test("a function of the user's own gets text and returns text", async () => {
  const imports = { "extism:host/user": { upper: (guest, text) => text.toUpperCase() } };
  const plugin = await Plugin.load(extism, { imports });
  const { shown } = await plugin.perform("shout", { input: "quiet" });
  assert.equal(text(shown.output), "QUIET");
});

test("a plugin fetches from hosts that are allowed", async () => {
  const server = createServer((request, response) => {
    response.writeHead(201, { "content-type": "text/plain", "x-seen": request.url });
    response.end("from there");
  });
  server.unref();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const input = `http://127.0.0.1:${server.address().port}/a`;
  const plugin = await Plugin.load(extism);
  const { shown } = await plugin.perform("fetch", { input, allowedHosts: ["127.0.0.*"] });
  assert.equal(text(shown.output), "from there");
  server.close();
  const refused = await (await Plugin.load(extism)).perform("fetch", { input });
  assert.equal(refused.status, "trapped");
  assert.match(refused.message, /HTTP request to http:.* is not allowed/);
});

test("without a host imports are answered as the options say", async () => {
  const none = await Plugin.load(extism, { host: "none" });
  assert.deepEqual([none.host.name, none.host.exports.length], [null, 0]);
  const answered = await Plugin.load(extism, { imports: { "extism:host/env": { input_length: () => 0n } } });
  assert.equal(answered.host.name, null);
});
