// How imports are answered by what the caller gives: presets, numbers, functions, promises.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { Plugin, init, wasm, collect } from "./support.mjs";

await init();

const goSource = {
  "main.go": `package main

import "structs"

type Point struct {
	_ structs.HostLayout
	x, y int32
}

//go:wasmimport host log
func log(text string)

//go:wasmimport host big
func big(number int64) int64

//go:wasmimport host see
func see(point *Point)
`,
};

const load = async (host, options = {}) =>
  Plugin.load(await wasm("asking"), { imports: { host }, goSource, ...options });

const later = (value, millis = 5) => new Promise((done) => setTimeout(done, millis, value));

test("a function answers, at once or later", async () => {
  for (const next of [(_, n) => n + 1, async (_, n) => n + 1, (_, n) => later(n + 1)]) {
    const plugin = await load({ next });
    assert.equal((await plugin.call("ask", [7])).result, 1008);
    assert.equal((await plugin.call("ask", [8])).result, 1009);
    const provided = plugin.imports.map(({ name, provided }) => [name, provided]);
    assert.ok(provided.some(([name, by]) => name === "next" && by === "js"));
  }
});

test("arguments and results are what Go has", async () => {
  const seen = [];
  const plugin = await load({
    log: (_, text) => seen.push(text),
    big: (_, number) => {
      seen.push(number);
      return number * number;
    },
    see: (guest, point) => {
      seen.push(point);
      guest.write(point, new Uint8Array([42, 0, 0, 0]));
    },
  });
  await plugin.call("say");
  const outcome = await plugin.call("grow", [-3_000_000_000n]);
  assert.equal(outcome.status, "returned", outcome.message);
  assert.equal(outcome.result, 9_000_000_000_000_000_000n);
  assert.equal((await plugin.call("show")).result, 42, "the pointee was written");
  const [text, number, point] = seen;
  assert.equal(text, "hello");
  assert.equal(number, -3_000_000_000n);
  assert.deepEqual({ ...point, $address: 0 }, { $address: 0, x: 1, y: -1 });
  assert.ok(point.$address > 0);
});

test("a function uses memory and calls exports", async () => {
  const plugin = await load({
    next: async (guest, number) => {
      if (number > 2) return number;
      const doubled = await guest.call("double", number);
      return guest.call("ask", doubled + 1);
    },
    log: (guest) => {
      assert.ok(guest.size() >= 65_536);
      assert.throws(() => guest.read(guest.size(), 1), { name: "RangeError" });
      assert.throws(() => guest.write(-1, "x"), /needs an address or a length, got -1/);
      assert.throws(() => guest.write(8, 7), /needs a string or a Uint8Array/);
      assert.equal(guest.write(8, "wrötten"), 8);
      assert.equal(guest.string(8, 8), "wrötten");
      assert.deepEqual(guest.memory.read(8, 2), new Uint8Array([0x77, 0x72]));
    },
  });
  assert.equal((await plugin.call("ask", [1])).result, 2003, "ask, double, ask");
  const outcome = await plugin.call("say");
  assert.equal(outcome.status, "returned", outcome.message);
});

test("a call that a function makes is like one of the plugin's own", async () => {
  const bytes = await readFile(new URL("../../plugin/build/greet.wasm", import.meta.url));
  const source = await readFile(new URL("../../plugin/greet/main.go", import.meta.url), "utf8");
  const seen = [];
  const said = [];
  const log = async (guest, text) => {
    said.push(text);
    if (said.length > 1) return;
    seen.push(await guest.call("st", { val: 7 }));
    seen.push(await guest.call("st", [{ val: 8 }]));
    seen.push(await guest.call("st", [9], { go: "st(n *int32)" }));
    seen.push(await guest.call("greet", new Uint8Array([0x61, 0xff])));
    for (const [args, message] of [
      [["st", { vale: 7 }], "st: s: S has no field vale"],
      [["st", [{ val: "a" }]], "st: s"],
      [["st", [{ val: 1 }, 2]], "st: st(s *S): needs 1 argument, has 2"],
      [["st", [1], { go: "st(" }], "options.go: "],
      [["st", [1], { goo: "st()" }], "options.goo: "],
      [["greet", 7], "greet: name"],
      [["none"], "the module exports no function none"],
    ]) {
      assert.throws(() => guest.call(...args), ({ message: thrown }) => {
        seen.push([args, thrown]);
        return thrown.startsWith(message) || assert.equal(thrown, message);
      });
    }
  };
  const plugin = await Plugin.load(bytes, { imports: { log: { log } }, goSource: { "main.go": source } });
  const outcome = await plugin.call("greet", ["WaZero"]);
  assert.equal(outcome.status, "returned", outcome.message);
  assert.deepEqual(said.slice(1).map((text) => typeof text), ["string", "string", "string", "object"]);
  assert.deepEqual(seen.splice(0, 4), [
    undefined,
    { args: [{ val: 8 }] },
    { args: [9] },
    undefined,
  ]);
  assert.equal(seen.length, 7);
  for (const [[name, args, options], thrown] of seen) {
    const list = Array.isArray(args) ? args : [args];
    // It has an option more.
    await assert.rejects(plugin.call(name, list, options), ({ message }) => {
      return message.startsWith(thrown) || assert.equal(message, thrown);
    });
  }
});

test("what a function throws, or rejects with, traps", async () => {
  for (const [next, message] of [
    [() => { throw new Error("mine"); }, /^ask: import host\.next: mine$/],
    [async () => { throw new TypeError("mine"); }, /^ask: import host\.next: TypeError: mine$/],
    [() => Promise.reject("a text"), /^ask: import host\.next: "a text"$/],
    [() => "a text", /^ask: import host\.next: it needs to return int32, and returned "a text"$/],
    [() => {}, /needs to return int32, and returned undefined$/],
    [async () => later(2 ** 31), /needs to return int32, and returned 2147483648$/],
    [() => ({ then: 1 }), /needs to return int32, and returned an object$/],
    [(guest) => guest.call("none"), /exports no function none$/],
    [(guest) => guest.call("crash"), /crash: unreachable/],
    [(guest) => { guest.call("spin"); return 1; }, /returned while spin, which it called, was still running/],
  ]) {
    const plugin = await load({ next });
    const outcome = await plugin.call("ask", [1]);
    assert.equal(outcome.status, "trapped");
    assert.match(outcome.message, message);
    assert.equal((await plugin.call("double", [1])).result, 2, "the next call is fine");
  }
});

test("a trap in a call that a function makes can be caught", async () => {
  const next = async (guest) => {
    await assert.rejects(guest.call("crash"), /unreachable/);
    return 1;
  };
  const plugin = await load({ next });
  assert.equal((await plugin.call("ask", [1])).result, 1001);
});

test("stop ends a call that waits for a function, which is told nothing more", async () => {
  let over;
  const next = (guest) => new Promise((done) => (over = () => done(guest.call("double", 1))));
  const plugin = await load({ next });
  const call = plugin.call("ask", [1]);
  setTimeout(() => plugin.stop(), 10);
  assert.equal((await call).status, "stopped");
  assert.throws(over, /the host call is over/);
  assert.equal((await plugin.call("double", [4])).result, 8);
});

test("presets and numbers", async () => {
  const out = collect();
  const plugin = await load({ next: -5, log: "arguments", big: 2n ** 40n, see: "count" }, out.options);
  assert.equal((await plugin.call("ask", [1])).result, 995);
  assert.equal((await plugin.call("grow", [1n])).result, 2n ** 40n);
  await plugin.call("say");
  assert.equal(out.host(), 'host.log("hello")\n');
  for (const [host, message] of [
    [{ next: 0.5 }, /^options\.imports\.host\.next: needs to return int32, got 0\.5$/],
    [{ next: 2 ** 31 }, /^options\.imports\.host\.next: needs to return int32, got 2147483648$/],
    [{ log: 1 }, /^options\.imports\.host\.log: cannot return a constant: its type is/],
    [{ next: "print" }, /^options\.imports\.host\.next: cannot print the string/],
    [{ none: () => {} }, /^options\.imports\.host\.none: the module has no such import/],
    [{ next: "x" }, /^options\.imports\.host\.next: needs "print", .* a function or null, or an array of these, got "x"$/],
  ]) {
    await assert.rejects(load(host), { name: "Error", message });
  }
});

test("pause holds a call, resume lets it go on", async () => {
  const plugin = await load({ next: async (_, n) => later(n) });
  const call = plugin.call("ask", [1]);
  plugin.pause();
  assert.equal(await Promise.race([call, later("held", 60)]), "held");
  plugin.resume();
  assert.equal((await call).result, 1001);
  const spinning = plugin.call("spin");
  await later(null, 20);
  plugin.pause();
  assert.equal(await Promise.race([spinning, later("held", 20)]), "held");
  plugin.stop();
  assert.equal((await spinning).status, "stopped");
});

test("time and depth have limits", async () => {
  const plugin = await load(
    { next: () => new Promise(() => {}) },
    { limits: { wallMillis: 50, callDepth: 20 } },
  );
  for (const [name, args] of [["spin", []], ["ask", [1]]]) {
    const outcome = await plugin.call(name, args);
    assert.equal(outcome.status, "limited");
    assert.match(outcome.message, /the time limit of 50 ms is reached/);
  }
  assert.equal((await plugin.call("deep", [10])).result, 10);
  const deep = await plugin.call("deep", [1000]);
  assert.equal(deep.status, "limited");
  assert.match(deep.message, /the call depth limit of 20 is reached/);
});
