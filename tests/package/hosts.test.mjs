// Plugins that are written for a framework, with its host.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { test } from "node:test";
import { init, Plugin, savedCalls, text } from "./support.mjs";

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

test("stop ends a request that is under way", async () => {
  let asked, gone;
  const came = new Promise((resolve) => (asked = resolve));
  const closed = new Promise((resolve) => (gone = resolve));
  const server = createServer((request) => {
    request.socket.on("close", gone);
    asked();
  });
  server.unref();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const plugin = await Plugin.load(extism);
  const input = `http://127.0.0.1:${server.address().port}/a`;
  const call = plugin.perform("fetch", { input, allowedHosts: ["127.0.0.1"] });
  await came;
  plugin.stop();
  assert.equal((await call).status, "stopped");
  await closed;
  server.close();
});

test("a saved call by a form is made, and judged by what it shows", async () => {
  const file = {
    plugboard: 1,
    calls: [
      {
        name: "greets",
        export: "greet",
        host: "Extism",
        action: "call",
        fields: { input: "Ada", config: [["greeting", "Salve"]] },
        expect: { exit: null, printed: "info: greeting Ada\n", host_calls: [], shown: { Output: "Salve, Ada!" } },
      },
      { export: "greet", host: "Extism", expect: { failed: "whom?" } },
      { export: "greet", host: "Extism", expect: {} },
      { export: "greet", host: "Extism", fields: { input: "Ada" }, expect: { shown: { Output: "Hello" } } },
      { export: "greet", host: "Extism", fields: { inputs: "Ada" } },
    ],
  };
  const plugin = await Plugin.load(extism, { host: "none" });
  const verdicts = [];
  for (const { call } of savedCalls(JSON.stringify(file)).calls) verdicts.push(await plugin.check(call, { fresh: true }));
  assert.deepEqual(verdicts.map(({ passed }) => passed), [true, true, false, false, false]);
  assert.deepEqual(verdicts[2].differences, [
    { what: "end", lines: ["- did not fail", "+ failed: whom? The input is empty"] },
  ]);
  assert.match(verdicts[3].differences[0].lines.join("\n"), /-.*"Output": "Hello"\n\+.*"Output": "Hello, Ada!"/);
  assert.match(verdicts[4].differences[0].lines[0], /fields: there is no inputs, only input, config/);
  const updated = JSON.parse(verdicts[2].updated);
  assert.equal(updated.expect.failed, "whom? The input is empty");
});

test("a command that sqlc starts is one of its own for each call", async () => {
  const command = await readFile(new URL("../../target/guests/sqlc.wasm", import.meta.url));
  const plugin = await Plugin.load(command);
  assert.deepEqual([plugin.host.name, plugin.host.exports], ["sqlc", ["_start"]]);
  for (const version of ["v1", "v2"]) {
    const { status, shown } = await plugin.perform("_start", { version });
    assert.deepEqual([status, shown.said, text(shown["queries.txt"])], ["returned", "generated 1 file", `-- ${version}\n`]);
  }
  const failed = await plugin.perform("_start", { request: new Uint8Array([8]) });
  assert.deepEqual([failed.status, failed.exitCode], ["exited", 2]);
  // Without the tool it is run by the options.
  assert.equal((await (await Plugin.load(command, { host: "none" })).start()).exitCode, 2);
});
