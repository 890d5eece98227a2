// Go programs are built by the package, with the toolchain's files from a folder and from an address.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Plugin, build, collect, init } from "./support.mjs";

const folder = new URL("../../target/go/", import.meta.url);
const sample = (name) => readFile(new URL(`../../plugin/greet/${name}`, import.meta.url), "utf8");

before(() => init());

test("a plugin is built from its files and runs", async () => {
  const files = { "main.go": await sample("main.go"), "malloc.go": await sample("malloc.go"), "go.mod": await sample("go.mod") };
  const steps = [];
  const built = await build(files, { toolchain: fileURLToPath(folder), onStep: ({ step }) => steps.push(step) });
  assert.equal(built.kind, "reactor");
  assert.match(built.version, /^go1\.\d+/);
  assert.deepEqual(steps, ["load compile", "compile example/greet", "load link", "link"]);
  const { options, host } = collect();
  const plugin = await Plugin.load(built.module, { ...options, goSource: { "main.go": files["main.go"] } });
  await plugin.call("greet", ["Gopher"]);
  assert.match(host(), /Gopher/);
});

test("what is wrong is told where it is, and what was loaded stays", async () => {
  const told = [];
  const options = { toolchain: fileURLToPath(folder), onDiagnostic: (found) => told.push(found) };
  const { module, diagnostics } = await build({ "main.go": "package main\n\nfunc main() {\n\tx := 1\n}\n" }, options);
  assert.equal(module, undefined);
  assert.deepEqual(diagnostics, [{ file: "main.go", line: 4, column: 2, message: "declared and not used: x" }]);
  assert.deepEqual(told, diagnostics);
  const steps = [];
  const main = new TextEncoder().encode("package main\n\nfunc main() { println(1) }\n");
  const built = await build({ "main.go": main }, { toolchain: fileURLToPath(folder), onStep: ({ step }) => steps.push(step) });
  assert.equal(built.kind, "command");
  assert.deepEqual(steps, ["compile example/plugin", "link"]);
});

test("it can be stopped, and goes on with the next", async () => {
  const options = { toolchain: fileURLToPath(folder) };
  const stopped = new AbortController();
  const main = { "main.go": "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(1) }\n" };
  const rejected = assert.rejects(build(main, { ...options, signal: stopped.signal, onStep: () => stopped.abort(new Error("enough")) }), /enough/);
  const next = build(main, options);
  await rejected;
  assert.equal((await next).kind, "command");
});

test("the toolchain is fetched from an address", async () => {
  const server = createServer(async (request, response) => {
    const bytes = await readFile(new URL(`.${request.url.slice("/go".length)}`, folder)).catch(() => undefined);
    response.writeHead(bytes ? 200 : 404).end(bytes);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  after(() => server.close());
  const at = `http://127.0.0.1:${server.address().port}`;
  const main = { "main.go": "package main\n\nfunc main() {}\n" };
  assert.equal((await build(main, { toolchain: `${at}/go` })).kind, "command");
  await assert.rejects(build(main, { toolchain: `${at}/nowhere/` }), /index\.json of the toolchain cannot be had: 404/);
  await assert.rejects(build(main, {}), /options\.toolchain/);
  await assert.rejects(build({ "main.go": 1 }, { toolchain: `${at}/go` }), /main\.go: needs a string or a Uint8Array/);
});
