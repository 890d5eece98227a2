// Where the fuel goes: rows, folded stacks, and pprof's format as Go's own tool reads it.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { Plugin, go, init, wasm } from "./support.mjs";

await init();

const walks = await wasm("walks");
const source = await readFile(new URL("guests/walks/main.go", import.meta.url), "utf8");
const line = (text) => source.split("\n").findIndex((line) => line.includes(text)) + 1;

const load = (options) => Plugin.load(walks, { debug: true, ...options });
const work = (plugin, n, options) => plugin.call("work", [n], { go: "work(n int32) uint32", ...options });

/** A plugin that has been initialised, so that a profile has nothing of that. */
async function ready() {
  const plugin = await load();
  await work(plugin, 1);
  return plugin;
}

const close = (part, whole, share) => assert.ok(Math.abs(part / whole - share) < 0.1, `${part} of ${whole}`);

test("a call is sampled: by function, by line, and as folded stacks", async () => {
  const plugin = await ready();
  const { profile, fuel } = await work(plugin, 50_000, { profile: true });
  close(profile.fuel, Number(fuel), 1);
  assert.ok(profile.samples > 10);
  const [most] = profile.functions;
  assert.equal(most.function, "main.busy");
  assert.match(most.file, /walks\/main\.go$/);
  close(most.self, profile.fuel, 1);
  const of = (number) => profile.lines.find((row) => row.function === "main.work" && row.line === number);
  close(of(line("busy(3 * n)")).total, profile.fuel, 0.75);
  close(of(line("\tbusy(n)")).total, profile.fuel, 0.25);
  assert.ok(profile.functions.every((row) => row.total >= row.self));
  assert.match(profile.folded, /^(\S+;)*main\.work;main\.busy \d+$/m);
  assert.equal((await work(plugin, 1)).profile, undefined);
});

test("all calls are, from start to stop, in whatever instance", async () => {
  const plugin = await load();
  plugin.profile.start({ every: 5_000 });
  for (const fresh of [true, true]) {
    const saved = { export: "work", signature: "work(n int32) uint32", args: [5_000] };
    await plugin.check(JSON.stringify(saved), { fresh });
  }
  await plugin.call("sum", [20_000], { go: "sum(n int32) int32" });
  const { functions, samples } = plugin.profile.stop();
  const names = functions.map((row) => row.function);
  for (const name of ["main.busy", "main.sum"]) assert.ok(names.includes(name), names);
  assert.ok(samples > 20);
  plugin.profile.start();
  assert.equal(plugin.profile.stop().samples, 0, "it begins anew");
});

test("go tool pprof reads it", async (t) => {
  if (!go) return t.skip("there is no Go");
  const plugin = await ready();
  const { profile } = await work(plugin, 50_000, { profile: true });
  const folder = await mkdtemp(join(tmpdir(), "plugboard-"));
  const file = join(folder, "work.pprof");
  await writeFile(file, profile.pprof);
  const run = promisify(execFile)(go, ["tool", "pprof", "-top", "-lines", file], {
    env: { ...process.env, PPROF_TMPDIR: folder },
  });
  const { stdout } = await run.finally(() => rm(folder, { recursive: true }));
  assert.match(stdout, /Type: fuel/);
  const row = stdout.split("\n").find((text) => text.includes(`main.go:${line("busy(3 * n)")}`));
  const [, , , , cumulative] = row.trim().split(/\s+/);
  close(parseFloat(cumulative), 100, 0.75);
});

test("a profile outlives what ends a call", async () => {
  const plugin = await ready();
  plugin.breakpoints.set(`main.go:${line("return count")}`);
  plugin.onStop = () => {
    throw new Error("no");
  };
  await assert.rejects(work(plugin, 5_000, { profile: true }), /onStop has thrown/);
  plugin.onStop = () => "stop";
  const { status, profile } = await work(plugin, 5_000, { profile: true });
  assert.deepEqual([status, profile.functions[0].function], ["stopped", "main.busy"]);
});

test("what cannot be sampled is refused", async () => {
  const plain = await Plugin.load(walks);
  const without = /was loaded without debug: load it with \{ debug: true \}/;
  assert.throws(() => plain.profile.start(), without);
  assert.throws(() => plain.profile.stop(), without);
  await assert.rejects(work(plain, 1, { profile: true }), without);
  const plugin = await load();
  assert.throws(() => plugin.profile.stop(), /profile\.stop: no profile is being taken/);
  assert.throws(() => plugin.profile.start({ every: 0 }), /profile\.start: options\.every: needs a number of units of fuel > 0, got 0/);
  assert.throws(() => plugin.profile.start({ each: 1 }), /options\.each: there is no such option, only every/);
  plugin.profile.start();
  assert.throws(() => plugin.profile.start(), /profile\.start: a profile is being taken/);
  await assert.rejects(work(plugin, 1, { profile: true }), /options\.profile: a profile is being taken/);
  await assert.rejects(work(plugin, 1, { profile: 1 }), /options\.profile: needs true or false, got 1/);
  await assert.rejects(plugin.start({ profile: 1 }), /options\.profile: needs true or false, got 1/);
  assert.equal((await work(plugin, 1)).status, "returned", "it is free again");
});

test("a module without debug information is sampled by its functions", async () => {
  const plugin = await Plugin.load(await wasm("bare"), { debug: true, limits: { wallMillis: 200 } });
  const spins = plugin.exports.find(({ name }) => name === "spin");
  assert.ok(spins, plugin.exports.map(({ name }) => name).join());
  const outcome = await plugin.call("spin", [], { profile: true });
  assert.equal(outcome.status, "limited");
  assert.match(outcome.profile.functions[0].function, /spin/);
});
