// Where a call has ended in the middle.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { Plugin, init } from "./support.mjs";

await init();

const greet = (options) =>
  readFile(new URL("../../plugin/build/greet.wasm", import.meta.url)).then((bytes) => Plugin.load(bytes, options));

/** The number of the line of greet's source that has this text. */
const line = async (text) => {
  const source = await readFile(new URL("../../plugin/greet/main.go", import.meta.url), "utf8");
  return source.split("\n").findIndex((line) => line.includes(text)) + 1;
};

test("a panic has a backtrace of functions, files and lines", async () => {
  const plugin = await greet();
  const outcome = await plugin.call("st", [null], { go: "st(s *int32)" });
  assert.equal(outcome.status, "trapped");
  const { function: name, file, line: number, inlined } = outcome.backtrace.find(({ runtime }) => !runtime);
  assert.deepEqual([name, number, inlined], ["main.st", await line("s.val"), false]);
  assert.match(file, /main\.go$/);
  assert.ok(outcome.backtrace.some((frame) => frame.runtime && frame.function.startsWith("runtime.")));
  // It has none but the one that has panicked.
  assert.deepEqual(outcome.goroutines, []);
});

test("so has a host function that throws", async () => {
  const log = () => {
    throw new Error("full");
  };
  const plugin = await greet({ imports: { log: { log } } });
  const outcome = await plugin.call("greet", ["Ada"], { go: "greet(name string)" });
  assert.equal(outcome.status, "trapped");
  const lines = outcome.backtrace.filter(({ runtime }) => !runtime).map((frame) => [frame.function, frame.line]);
  assert.deepEqual(lines.at(-1), ["main.greet", await line("Hello, \" + name")]);
});

test("what returns has none", async () => {
  const plugin = await greet();
  const outcome = await plugin.call("greet", ["Ada"], { go: "greet(name string)" });
  assert.deepEqual([outcome.status, outcome.backtrace], ["returned", undefined]);
});
