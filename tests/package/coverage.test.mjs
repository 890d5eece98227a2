// Which lines calls have reached, as plain data and as Go's own tool reads it.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Plugin, entry, go, init, wasm } from "./support.mjs";

await init();

const folder = new URL("guests/walks/", import.meta.url);
const walks = await wasm("walks");
const source = await readFile(new URL("main.go", folder), "utf8");
const line = (text) => source.split("\n").findIndex((line) => line.includes(text)) + 1;

const load = (options) => Plugin.load(walks, { debug: true, ...options });
const half = (plugin, n) => plugin.call("half", [n], { go: "half(n int32) int32" });

/** The lines of the plugin's own file that have been reached, and those that have not. */
function lines(plugin) {
  const files = plugin.coverage.files();
  assert.equal(files.length, 1, "no libraries");
  const [{ file, reached, total, lines }] = files;
  assert.match(file, /walks\/main\.go$/);
  const of = (wanted) => lines.filter((line) => line.reached === wanted).map((line) => line.line);
  assert.deepEqual([reached, total], [of(true).length, lines.length]);
  return [of(true), of(false)];
}

test("lines that calls have reached are known by file", async () => {
  const plugin = await load();
  assert.deepEqual(lines(plugin)[0], []);
  await half(plugin, 6);
  const [reached, missed] = lines(plugin);
  assert.ok(reached.includes(line("return n / 2")) && missed.includes(line("return negative(n)")));
  assert.ok(missed.includes(line("return -(-n / 2)")));
  await half(plugin, -6);
  assert.ok(lines(plugin)[0].includes(line("return -(-n / 2)")));
  const all = plugin.coverage.files({ all: true });
  assert.ok(all.length >= 1);
  plugin.coverage.reset();
  assert.deepEqual(lines(plugin)[0], []);
  await half(plugin, 6);
  assert.ok(lines(plugin)[0].includes(line("return n / 2")), "it goes on");
});

test("they are kept where an instance is not", async () => {
  const plugin = await load();
  await half(plugin, -6);
  const saved = { export: "half", signature: "half(n int32) int32", args: [6] };
  await plugin.check(JSON.stringify(saved), { fresh: true });
  const [reached] = lines(plugin);
  for (const text of ["return n / 2", "return -(-n / 2)"]) assert.ok(reached.includes(line(text)), text);
});

test("they are known while a call is stopped, and when one has been ended", async () => {
  let during;
  const plugin = await load({
    onStop: () => {
      during = lines(plugin)[0];
      return "stop";
    },
  });
  plugin.breakpoints.set(`main.go:${line("return product")}`);
  await plugin.call("sum", [2], { go: "sum(n int32) int32" });
  assert.ok(during.includes(line("total += square(i)")) && !during.includes(line("return total")));
  assert.deepEqual(lines(plugin)[0], during);
});

test("go tool cover reads the profile", async (t) => {
  if (!go) return t.skip("there is no Go");
  const plugin = await load();
  await half(plugin, 6);
  const profile = plugin.coverage.profile();
  assert.match(profile, /^mode: set\n/);
  const temporary = await mkdtemp(join(tmpdir(), "plugboard-"));
  const file = join(temporary, "cover.out");
  await writeFile(file, profile);
  const run = promisify(execFile)(go, ["tool", "cover", `-func=${file}`], { cwd: fileURLToPath(folder) });
  const { stdout } = await run.finally(() => rm(temporary, { recursive: true }));
  const percent = (name) => stdout.match(new RegExp(`\\s${name}\\s+(\\S+)%`))?.[1];
  assert.ok(percent("half") > 50 && percent("half") < 100, stdout);
  assert.equal(percent("negative"), "0.0", stdout);
  assert.equal(percent("sum"), "0.0", stdout);
});

test("saved calls are measured by the command, which says where one has failed", async (t) => {
  const temporary = await mkdtemp(join(tmpdir(), "plugboard-"));
  t.after(() => rm(temporary, { recursive: true }));
  const at = (name) => join(temporary, name);
  await writeFile(at("walks.wasm"), walks);
  await writeFile(at("bare.wasm"), await wasm("bare"));
  const call = (name, n, expect) => ({ name, export: name, signature: `${name}(n int32) int32`, args: [n], expect });
  const calls = [call("half", 6, { result: 3 }), call("outer", 2, { result: 5 })];
  await writeFile(at("calls.json"), JSON.stringify({ plugboard: 1, calls }));
  const cli = fileURLToPath(new URL("cli.js", new URL(entry, import.meta.url)));
  const plugboard = (...args) => promisify(execFile)(process.execPath, [cli, "test", ...args]).catch((error) => error);
  const files = ["--cover", at("cover.out"), "--profile", at("calls.pprof")];
  const { code, stdout } = await plugboard(at("walks.wasm"), at("calls.json"), ...files);
  // Nobody answers `ask`.
  assert.equal(code, 1, stdout);
  assert.match(stdout, new RegExp(`it ended in:\n\\s+main\\.ask \\S+\n\\s+main\\.outer \\S*main\\.go:${line("before + ask")}\n`));
  assert.match(stdout, /1 passed, 1 failed\ncoverage: [1-9]\d\.\d% of lines\n$/);
  const profile = await readFile(at("cover.out"), "utf8");
  const reached = (text) => profile.match(new RegExp(`main\\.go:${line(text)}\\.\\S+ 1 ([01])`))?.[1];
  assert.deepEqual([reached("return n / 2"), reached("return negative(n)"), reached("return total")], ["1", "0", "1"]);
  assert.ok((await readFile(at("calls.pprof"))).length > 0);
  const tap = await plugboard(at("walks.wasm"), at("calls.json"), "--tap", "--filter", "half", "--cover", at("cover.out"));
  assert.match(tap.stdout, /^# coverage: \d+\.\d% of lines$/m);
  const bare = await plugboard(at("bare.wasm"), at("calls.json"), "--cover", at("none.out"));
  assert.equal(bare.code, 2);
  assert.match(bare.stderr, /--cover: coverage\.profile: the module does not say where its lines are/);
});

test("what cannot be said is refused", async () => {
  const plugin = await Plugin.load(walks);
  for (const act of ["profile", "files", "reset"]) {
    assert.throws(() => plugin.coverage[act](), /was loaded without debug: load it with \{ debug: true \}/);
  }
  const { coverage } = await load();
  assert.throws(() => coverage.files({ every: true }), /coverage\.files: options\.every: there is no such option, only all/);
  assert.throws(() => coverage.profile({ all: 1 }), /coverage\.profile: options\.all: needs true or false, got 1/);
  const bare = await Plugin.load(await wasm("bare"), { debug: true });
  assert.throws(() => bare.coverage.profile(), /coverage\.profile: the module does not say where its lines are/);
});
