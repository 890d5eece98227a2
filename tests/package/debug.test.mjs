// Calls that stop at lines of the plugin's source: breakpoints, steps, and who is asked.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { setTimeout as later } from "node:timers/promises";
import { Plugin, init, wasm, savedCalls } from "./support.mjs";

await init();

const walks = await wasm("walks");
const source = await readFile(new URL("guests/walks/main.go", import.meta.url), "utf8");

/** The number of the first line of the plugin's source that has this text. */
const line = (text) => source.split("\n").findIndex((line) => line.includes(text)) + 1;
const at = (text) => `main.go:${line(text)}`;

const [ADDS, RETURNS, SQUARED, ASKS] = ["total += square(i)", "return total", "return product", "before + ask"];

// What fails is not to run for ever.
const limits = { wallMillis: 30_000 };
const load = (options) => Plugin.load(walks, { debug: true, limits, ...options });
const sum = (plugin, n) => plugin.call("sum", [n], { go: "sum(n int32) int32" });
const outer = (plugin, n) => plugin.call("outer", [n], { go: "outer(n int32) int32" });

/** A handler that answers with these, one after the other, then "continue"; and where it was told to be. */
function script(...answers) {
  const stops = [];
  const onStop = (stop) => {
    stops.push(stop);
    return answers.shift() ?? "continue";
  };
  return { stops, onStop, lines: () => stops.map((stop) => stop.line) };
}

/** A handler that answers when it is told to, and a promise of the stop. */
function held() {
  let stopped, answer;
  const stop = new Promise((resolve) => (stopped = resolve));
  const onStop = (stop) => {
    stopped(stop);
    return new Promise((resolve) => (answer = resolve));
  };
  return { onStop, stop, answer: (how) => answer(how) };
}

test("a call stops at a breakpoint, each time, and says where", async () => {
  const { onStop, stops } = script();
  const plugin = await load({ onStop });
  plugin.breakpoints.set(at(ADDS));
  const outcome = await sum(plugin, 3);
  assert.deepEqual([outcome.status, outcome.result], ["returned", 14]);
  assert.equal(stops.length, 3);
  const { reason, function: name, file, line: number, backtrace } = stops[0];
  assert.deepEqual([reason, name, number], ["breakpoint", "main.sum", line(ADDS)]);
  assert.match(file, /walks\/main\.go$/);
  assert.deepEqual([backtrace[0].function, backtrace[0].line], ["main.sum", line(ADDS)]);
  assert.ok(backtrace.length > 1 && backtrace.at(-1).runtime);
  assert.equal(plugin.breakpoints.clear(at(ADDS)), true);
  assert.equal((await sum(plugin, 2)).result, 5);
  assert.equal(stops.length, 3);
});

test("it is stepped over, into and out", async () => {
  const { onStop, stops } = script("into", "out");
  const plugin = await load({ onStop, imports: { host: { ask: (_, n) => n + 1 } } });
  plugin.breakpoints.set(at("func outer("));
  assert.equal((await outer(plugin, 1)).result, 3);
  const seen = stops.map((stop) => [stop.reason, stop.function]);
  assert.deepEqual(seen, [
    ["breakpoint", "main.outer"],
    ["step", "main.sum"],
    ["step", "main.outer"],
  ]);
  assert.equal(stops[2].line, line(ASKS));
});

test("a step over does not enter what is called", async () => {
  const { onStop, lines } = script("over", "over", "over", "over");
  const plugin = await load({ onStop });
  plugin.breakpoints.set(at("func sum("));
  assert.equal((await sum(plugin, 1)).result, 1);
  assert.ok(lines().includes(line(ADDS)) && !lines().includes(line(SQUARED)), `${lines()}`);
  const into = script("into");
  plugin.breakpoints.clear();
  plugin.breakpoints.set(at(ADDS));
  plugin.onStop = into.onStop;
  await sum(plugin, 1);
  assert.deepEqual(into.lines(), [line(ADDS), line(SQUARED)]);
});

test("what the handler promises holds the guest, and takes no time of it", async () => {
  const plugin = await load({
    limits: { wallMillis: 2000 },
    onStop: () => later(2500, "continue"),
  });
  await sum(plugin, 1);
  plugin.breakpoints.set(at(RETURNS));
  let isOver = false;
  const call = sum(plugin, 2).finally(() => (isOver = true));
  await later(1000);
  assert.equal(isOver, false);
  const outcome = await call;
  assert.deepEqual([outcome.status, outcome.result], ["returned", 5]);
});

test("memory is looked at while it is stopped", async () => {
  let size;
  const plugin = await load({ onStop: () => void (size = plugin.read(0, 16).length) });
  plugin.breakpoints.set(at(RETURNS));
  const outcome = await sum(plugin, 2);
  assert.deepEqual([outcome.result, size], [5, 16], "no answer goes on");
});

test("without a handler nothing is waited at", async () => {
  const plugin = await load();
  plugin.breakpoints.set(at(ADDS));
  assert.equal((await sum(plugin, 3)).result, 14);
  assert.equal(plugin.onStop, null);
  const { onStop, stops } = script();
  plugin.onStop = onStop;
  await sum(plugin, 3);
  assert.equal(stops.length, 3);
  plugin.onStop = null;
  assert.equal((await sum(plugin, 3)).result, 14);
  assert.throws(() => (plugin.onStop = 7), /onStop: needs a function or null, got 7/);
});

test("a handler that fails ends the call, and is named", async () => {
  const full = new Error("the disk is full");
  const throws = () => {
    throw full;
  };
  const plugin = await load({ onStop: throws });
  plugin.breakpoints.set(at(ADDS));
  for (const onStop of [throws, async () => throws()]) {
    plugin.onStop = onStop;
    await assert.rejects(sum(plugin, 3), (error) => {
      assert.equal(error.message, "onStop has thrown, which ended the call: the disk is full");
      return error.cause === full;
    });
  }
  for (const [answer, got] of [["next", '"next"'], [null, "null"], [3, "3"]]) {
    plugin.onStop = async () => answer;
    const expected = `onStop: needs to answer "continue", "over", "into", "out" or "stop", got ${got}`;
    await assert.rejects(sum(plugin, 3), { message: expected });
  }
  plugin.onStop = () => "continue";
  assert.equal((await sum(plugin, 3)).status, "returned");
});

test("a call that is stopped can be ended", async () => {
  const plugin = await load({ onStop: () => "stop" });
  plugin.breakpoints.set(at(SQUARED));
  const outcome = await sum(plugin, 3);
  assert.equal(outcome.status, "stopped");
  assert.deepEqual(
    outcome.backtrace.slice(0, 2).map((frame) => [frame.function, frame.line]),
    [["main.square", line(SQUARED)], ["main.sum", line(ADDS)]],
  );
});

test("so can one whose handler does not answer; what it answers later is for nobody", async () => {
  const first = held();
  const plugin = await load({ onStop: first.onStop });
  plugin.breakpoints.set(at(ADDS));
  const call = sum(plugin, 3);
  await first.stop;
  await assert.rejects(sum(plugin, 1), /another call is still running/);
  plugin.stop();
  assert.equal((await call).status, "stopped");
  const second = held();
  plugin.onStop = second.onStop;
  const other = sum(plugin, 1);
  assert.equal((await second.stop).line, line(ADDS));
  let isOver = false;
  other.finally(() => (isOver = true));
  first.answer("stop");
  await later(50);
  assert.equal(isOver, false, "it is another stop that was answered");
  second.answer("continue");
  assert.equal((await other).result, 1);
});

test("a plugin that is given up while it is stopped goes on as it is answered", async () => {
  const { onStop, stop, answer } = held();
  const plugin = await load({ onStop });
  plugin.breakpoints.set(at(RETURNS));
  const call = sum(plugin, 2);
  await stop;
  plugin.free();
  answer("over");
  assert.equal((await call).result, 5);
});

test("it is held while it is stopped, and asks but once", async () => {
  const { onStop, stop, answer } = held();
  const plugin = await load({ onStop });
  plugin.breakpoints.set(at(RETURNS));
  const call = sum(plugin, 2);
  await stop;
  plugin.pause();
  await later(20);
  answer("continue");
  await later(20);
  plugin.resume();
  assert.equal((await call).result, 5);
});

test("a breakpoint in what a host function calls has all of the stack", async () => {
  const { onStop, stops } = script();
  const plugin = await load({
    onStop,
    imports: { host: { ask: async (guest, n) => (n > 1 ? guest.call("sum", 2) : n) } },
    goSource: { "main.go": source },
  });
  await sum(plugin, 1);
  plugin.breakpoints.set(at(SQUARED));
  assert.equal((await outer(plugin, 2)).result, 10);
  const functions = stops.map((stop) => stop.backtrace.filter((it) => !it.runtime).map((it) => it.function));
  assert.deepEqual(functions, [
    ["main.square", "main.sum", "main.outer"],
    ["main.square", "main.sum", "main.outer"],
    ["main.square", "main.sum", "main.outer"],
    ["main.square", "main.sum", "main.outer"],
  ]);
  const deepest = stops[3].backtrace.find((frame) => frame.function === "main.outer");
  assert.equal(deepest.line, line(ASKS));
});

test("a handler that fails there ends the host function's call too", async () => {
  let rejected;
  const plugin = await load({
    imports: {
      host: {
        ask: async (guest) => {
          plugin.breakpoints.set(at(SQUARED));
          await guest.call("sum", 2).catch((error) => (rejected = error.message));
          return 0;
        },
      },
    },
    goSource: { "main.go": source },
    onStop: () => {
      throw new Error("no");
    },
  });
  await assert.rejects(outer(plugin, 2), /onStop has thrown, which ended the call: no/);
  await later(0);
  assert.equal(rejected, "the run was stopped");
});

test("two plugins stop apart", async () => {
  const [one, two] = [held(), held()];
  const plugins = await Promise.all([load({ onStop: one.onStop }), load({ onStop: two.onStop })]);
  plugins[0].breakpoints.set(at(RETURNS));
  plugins[1].breakpoints.set(at(SQUARED));
  const calls = plugins.map((plugin) => sum(plugin, 1));
  assert.deepEqual([(await one.stop).line, (await two.stop).line], [line(RETURNS), line(SQUARED)]);
  two.answer("continue");
  assert.equal((await calls[1]).result, 1);
  one.answer("stop");
  assert.equal((await calls[0]).status, "stopped");
});

test("what runs is stopped at its next line, and stepped from outside", async () => {
  const stops = [];
  let told;
  const next = () => new Promise((resolve) => (told = resolve));
  const plugin = await load({
    onStop: (stop) => {
      stops.push(stop);
      told(stop);
      return new Promise(() => {});
    },
  });
  assert.throws(() => plugin.step(), /step: nothing runs/);
  const call = plugin.call("spin", [], { go: "spin()" });
  await later(50);
  let stop = next();
  plugin.step();
  const { line: before, reason } = await stop;
  assert.equal(reason, "step");
  stop = next();
  plugin.step("into");
  assert.notEqual((await stop).line, before);
  assert.throws(() => plugin.step("sideways"), /step: needs "over", "into" or "out", got "sideways"/);
  plugin.stop();
  assert.equal((await call).status, "stopped");
  // From its first line on.
  stop = next();
  const first = sum(plugin, 1);
  plugin.step();
  assert.equal((await stop).reason, "step");
  plugin.stop();
  await first;
});

test("a handler that answers at once leaves others their turn", async () => {
  const plugin = await load({ onStop: () => "continue" });
  plugin.breakpoints.set(at("\t\tbusy(1)"));
  const call = plugin.call("spin", [], { go: "spin()" });
  await later(50);
  plugin.stop();
  assert.equal((await call).status, "stopped");
});

test("saved calls stop too", async () => {
  const { onStop, stops } = script();
  const plugin = await load({ onStop });
  plugin.breakpoints.set(at(RETURNS));
  const { calls } = savedCalls(
    JSON.stringify({
      plugboard: 1,
      calls: [{ export: "sum", signature: "sum(n int32) int32", args: [3], expect: { result: 14 } }],
    }),
  );
  for (const fresh of [false, true]) {
    assert.equal((await plugin.check(calls[0].call, { fresh })).passed, true);
  }
  assert.equal(stops.length, 2);
});

test("breakpoints are listed with where they were put", async () => {
  const plugin = await load();
  const { breakpoints } = plugin;
  const comment = line("// sum adds");
  const set = breakpoints.set(`walks/main.go:${comment}`);
  assert.match(set.file, /walks\/main\.go$/);
  assert.deepEqual([set.line, set.hasCode, set.stopsAt], [comment, false, line("func sum(")]);
  const other = breakpoints.set(at(RETURNS));
  assert.deepEqual([other.hasCode, other.stopsAt], [true, line(RETURNS)]);
  assert.deepEqual(plugin.breakpoints.list(), [set, other]);
  assert.equal(breakpoints.clear(at(ADDS)), false);
  assert.equal(breakpoints.clear(), true);
  assert.deepEqual(breakpoints.list(), []);
});

test("a breakpoint that cannot be is refused with what to do", async () => {
  const { breakpoints } = await load();
  for (const [place, message] of [
    ["nope.go:3", /^breakpoints\.set: no code is from nope\.go: there is \S*walks\/main\.go/],
    ["main.go:9999", /^breakpoints\.set: main\.go has no code at line 9999 or behind it: the last line that has some is \d+$/],
    ["main.go", /^breakpoints\.set: needs a file and a line, such as "main\.go:12", got "main\.go"$/],
    [7, /needs a file and a line, such as "main\.go:12", got 7/],
    [undefined, /got undefined/],
  ]) {
    assert.throws(() => breakpoints.set(place), { message });
  }
  assert.throws(() => breakpoints.clear("nope.go:3"), /^Error: breakpoints\.clear: no code is from nope\.go/);
  assert.deepEqual(breakpoints.list(), []);
});

test("what is not debugged says so", async () => {
  const plugin = await Plugin.load(walks, { onStop: () => "continue" });
  const use = [
    () => plugin.breakpoints.set(at(ADDS)),
    () => plugin.breakpoints.list(),
    () => plugin.breakpoints.clear(),
    () => plugin.step(),
    () => (plugin.onStop = null),
  ];
  for (const act of use) assert.throws(act, /was loaded without debug: load it with \{ debug: true \}/);
  await assert.rejects(Plugin.load(walks, { debug: 1 }), /options\.debug: needs true or false, got 1/);
  await assert.rejects(load({ onStop: "x" }), /options\.onStop: needs a function, got "x"/);
});

test("a module of another compiler's stops by its debug information", async () => {
  const rust = await readFile(new URL("guests/bare.rs", import.meta.url), "utf8");
  const of = (text) => rust.split("\n").findIndex((line) => line.includes(text)) + 1;
  const { onStop, stops } = script();
  const plugin = await Plugin.load(await wasm("bare-g"), { debug: true, limits, onStop });
  assert.deepEqual(plugin.problems, []);
  const { file, stopsAt } = plugin.breakpoints.set(`bare.rs:${of("extern \"C\" fn word")}`);
  assert.match(file, /guests\/bare\.rs$/);
  assert.equal((await plugin.call("word")).status, "returned");
  assert.equal(stops.length, 1);
  const [{ reason, function: name, line, column }] = stops;
  assert.deepEqual([reason, name, line], ["breakpoint", "word", stopsAt]);
  assert.ok(column > 0);
  // What is called is reached as a whole: no line is counted at which nothing can be seen.
  const [{ lines }] = plugin.coverage.files();
  const own = lines.filter((it) => it.line >= of("fn word") && it.line < of("fn flood") - 1);
  assert.ok(own.length > 0 && own.every((it) => it.reached), JSON.stringify(own));
  const pause = lines.filter((it) => it.line >= of("fn spin") && it.line < of("fn crash") - 1);
  assert.ok(pause.length > 0 && pause.every((it) => !it.reached), JSON.stringify(pause));
});

test("a module without debug information is debugged by its functions", async () => {
  const plugin = await Plugin.load(await wasm("bare"), { debug: true });
  assert.match(plugin.problems.join("\n"), /does not say where its lines are/);
  assert.throws(
    () => plugin.breakpoints.set("lib.rs:3"),
    /breakpoints\.set: the module does not say where its lines are\. .*build it/,
  );
  assert.deepEqual(plugin.breakpoints.list(), []);
});

test("a module that has no room for a debugger runs without", async () => {
  // (module (memory 0) … (memory 0)), a hundred of them.
  const memories = Array.from({ length: 100 }, () => [0, 0]).flat();
  const bytes = Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 5, 0xc9, 1, 100, ...memories]);
  assert.deepEqual((await Plugin.load(bytes)).exports, []);
  await assert.rejects(
    Plugin.load(bytes, { debug: true }),
    /^Error: options\.debug: the module has something that cannot be watched.*: load it without$/,
  );
});

test("a call stops at a function by its name, and is told what it was called with", async () => {
  const { onStop, stops } = script();
  const plugin = await load({ onStop });
  assert.deepEqual(plugin.breakpoints.set("main.square"), { function: "main.square" });
  assert.deepEqual(plugin.breakpoints.list(), [{ function: "main.square" }]);
  assert.equal((await sum(plugin, 2)).result, 5);
  assert.deepEqual(
    stops.map(({ reason, function: name }) => [reason, name]),
    [
      ["breakpoint", "main.square"],
      ["breakpoint", "main.square"],
    ],
  );
  assert.equal(plugin.breakpoints.clear("main.square"), true);
  assert.throws(() => plugin.breakpoints.set("main.squared"), /breakpoints\.set: no function of the module is called main\.squared/);
});

test("a call stops before a host call", async () => {
  const { onStop, stops } = script();
  let asked = 0;
  const imports = { host: { ask: (_, n) => (asked += 1, n) } };
  const seen = [];
  const plugin = await load({ imports, onStop: (stop) => (seen.push(asked), onStop(stop)) });
  plugin.breakpoints.hostCall("host.ask");
  const outcome = await outer(plugin, 2);
  assert.deepEqual([outcome.status, outcome.result, asked], ["returned", 10, 1]);
  assert.deepEqual(stops.map(({ reason, import: name }) => [reason, name]), [["hostCall", "host.ask"]]);
  assert.deepEqual(seen, [0], "it has not been made yet");
  plugin.breakpoints.hostCall("host.ask", false);
  await outer(plugin, 2);
  assert.equal(stops.length, 1);
  assert.throws(() => plugin.breakpoints.hostCall("host.tell"), /host\.tell is not imported: there is .*host\.ask/);
});

test("a call stops where it traps, and ends when it goes on", async () => {
  const { onStop, stops } = script();
  const plugin = await Plugin.load(await wasm("bare-g"), { debug: true, limits, onStop });
  plugin.breakpoints.trap();
  const outcome = await plugin.call("crash", []);
  assert.equal(outcome.status, "trapped");
  assert.deepEqual(stops.map(({ reason }) => reason), ["trap"]);
  assert.match(stops[0].message, /unreachable/);
  assert.ok(stops[0].backtrace.length > 0);
  assert.ok(outcome.backtrace.length > 0);
});
