// What the package does, run by Node's own test runner on what `make package` built.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { Plugin, init, wasm, text, collect } from "./support.mjs";

await init();

test("a command prints and exits", async () => {
  const out = collect();
  const plugin = await Plugin.load(await wasm("hello"), { args: ["hello", "-v"], ...out.options });
  assert.equal(plugin.kind, "command");
  const outcome = await plugin.start();
  assert.equal(outcome.status, "exited");
  assert.equal(outcome.exitCode, 3);
  assert.ok(outcome.fuel > 0n);
  assert.equal(out.stdout(), "hello -v\n");
  assert.equal(out.stderr(), "bye\n");
});

test("a command can be started again, from nothing", async () => {
  const out = collect();
  const plugin = await Plugin.load(await wasm("hello"), { args: ["a"], ...out.options });
  await plugin.start();
  await plugin.start();
  assert.equal(out.stdout(), "a\na\n");
});

/** `write(n)` writes 64 KiB to stdout `n` times. */
const WRITER =
  "AGFzbQEAAAABDQJgBH9/f38Bf2ABfwACIwEWd2FzaV9zbmFwc2hvdF9wcmV2aWV3MQhmZF93cml0ZQAAAwIBAQUDAQACBxIC" +
  "Bm1lbW9yeQIABXdyaXRlAAEKHQEbAANAQQFBEEEBQQgQABogAEEBayEAIAANAAsLCw4BAEEQCwgAAQAAAAABAA==";

test("a guest that prints more at once than may lie unread goes on", { timeout: 60_000 }, async () => {
  const out = collect();
  const plugin = await Plugin.load(Buffer.from(WRITER, "base64"), out.options);
  const outcome = await plugin.call("write", [200]);
  assert.equal(outcome.status, "returned");
  assert.equal(out.bytes().length, 200 << 16);
});

test("stdin is a text, bytes, nothing, or what a function gives", async () => {
  for (const [stdin, expected] of [
    ["text é", "text é"],
    [new TextEncoder().encode("bytes"), "bytes"],
    [null, ""],
    [undefined, ""],
    [((lines) => () => lines.shift() ?? null)(["one ", "two"]), "one two"],
    [((lines) => async () => lines.shift() ?? null)([new Uint8Array([0x6f, 0x6b])]), "ok"],
  ]) {
    const out = collect();
    const plugin = await Plugin.load(await wasm("cat"), { stdin, ...out.options });
    assert.equal((await plugin.start()).status, "returned");
    assert.equal(out.stdout(), expected);
  }
});

test("what the function for stdin throws ends the call with it", async () => {
  const thrown = new Error("no more");
  const plugin = await Plugin.load(await wasm("cat"), {
    stdin: () => {
      throw thrown;
    },
  });
  await assert.rejects(plugin.start(), thrown);
});

test("files go in and come out", async () => {
  const plugin = await Plugin.load(await wasm("files"), {
    preopens: { "/": { etc: { motd: "hi" }, empty: {} }, "/ro": { kept: new Uint8Array([1, 0xff]) } },
    readonly: ["/ro"],
  });
  assert.throws(() => plugin.files("/"), /nothing has run yet/);
  const outcome = await plugin.start();
  assert.deepEqual([outcome.status, outcome.exitCode], ["exited", 63]); // EPERM, as wasmtime says
  const files = plugin.files("/");
  assert.deepEqual(Object.keys(files), ["copy", "empty", "etc", "link"]);
  assert.equal(text(files.copy), "hi");
  assert.deepEqual(files.empty, {});
  assert.equal(text(files.etc.motd), "hi");
  assert.deepEqual(files.link, { "/symlink": "etc/motd" });
  assert.deepEqual(plugin.files("/ro"), { kept: new Uint8Array([1, 0xff]) });
  assert.equal(text(plugin.files("/etc/motd")), "hi");
  assert.throws(() => plugin.files("/etc/none"), /files: \/etc\/none: no such file/);
});

test("an endless loop is stopped, and the event loop turns meanwhile", async () => {
  const plugin = await Plugin.load(await wasm("bare"));
  const running = plugin.call("spin");
  await assert.rejects(plugin.call("add", [1, 2]), /another call is still running/);
  setTimeout(() => plugin.stop(), 100);
  const outcome = await running;
  assert.equal(outcome.status, "stopped");
  assert.deepEqual((await plugin.call("add", [1, 2])).result, 3);
});

test("a sleep is ended by stop, and costs no fuel", async () => {
  const plugin = await Plugin.load(await wasm("sleep"));
  const began = performance.now();
  setTimeout(() => plugin.stop(), 50);
  const outcome = await plugin.start();
  assert.equal(outcome.status, "stopped");
  assert.ok(performance.now() - began < 10_000);
});

test("limits end a run and say which", async () => {
  const bare = await wasm("bare");
  const fuel = await (await Plugin.load(bare, { limits: { fuel: 10_000n } })).call("spin");
  assert.equal(fuel.status, "limited");
  assert.match(fuel.message, /fuel limit of 10,000/);
  assert.ok(fuel.fuel <= 10_000n);

  const out = collect();
  const plugin = await Plugin.load(bare, { limits: { outputBytes: 1000 }, ...out.options });
  const flood = await plugin.call("flood");
  assert.equal(flood.status, "limited");
  assert.equal(out.stdout().length, 1000);

  const { result: pages } = await (await Plugin.load(bare)).call("pages");
  const small = await Plugin.load(bare, { limits: { memoryPages: pages + 2 } });
  assert.equal((await small.call("grow", [2])).result, pages);
  assert.equal((await small.call("grow", [1])).result, -1);
});

test("host calls are told, decoded, in order", async () => {
  const events = [];
  const plugin = await Plugin.load(await wasm("hello"), {
    args: ["hello", "-v"],
    clock: { step: 5n },
    onTrace: (event) => events.push(event),
  });
  await plugin.start();
  const wrote = events.find((event) => event.name === "fd_write");
  assert.equal(wrote.arguments, '1, 1 iovec, 9 B "hello -v\\n"');
  assert.equal(wrote.result, "ESUCCESS, nwritten 9");
  assert.equal(wrote.export, "_start");
  assert.equal(wrote.failed, false);
  assert.equal(typeof wrote.at, "bigint");
  const last = events.at(-1);
  assert.deepEqual([last.name, last.arguments, last.failed], ["proc_exit", "3", true]);
  assert.deepEqual(
    events.map((event) => event.number),
    events.map((_, index) => index),
  );
});

test("a sleep is one host call, told once it is over, and a watched clock is not moved", async () => {
  const run = async (options) => {
    const events = [];
    const clock = { step: 7n };
    const plugin = await Plugin.load(await wasm("sleep"), { clock, ...options(events) });
    const running = plugin.start();
    return { outcome: await running, events };
  };
  const watched = await run((events) => ({ onTrace: (event) => events.push(event) }));
  const alone = await run(() => ({}));
  assert.equal(watched.outcome.fuel, alone.outcome.fuel);
  const sleep = watched.events.find((event) => event.name === "poll_oneoff");
  assert.match(sleep.arguments, /^\[clock \w+ (\+|until )/);
  assert.ok(sleep.duration > 0n);
});

test("what the function for host calls throws ends the call with it", async () => {
  const thrown = new Error("enough");
  const plugin = await Plugin.load(await wasm("hello"), {
    onTrace: () => {
      throw thrown;
    },
  });
  await assert.rejects(plugin.start(), thrown);
  await assert.rejects(Plugin.load(await wasm("hello"), { onTrace: 1 }), /options.onTrace/);
});

test("a trap says what happened", async () => {
  const plugin = await Plugin.load(await wasm("bare"));
  const outcome = await plugin.call("crash");
  assert.equal(outcome.status, "trapped");
  assert.match(outcome.message, /unreachable/);
});

test("with a clock and a seed, two runs are alike", async () => {
  const bytes = await wasm("dice");
  const run = async (seed) => {
    const out = collect();
    const options = { clock: { realtime: 1_000_000_000n, step: 1000 }, seed, ...out.options };
    const plugin = await Plugin.load(bytes, options);
    const began = performance.now();
    const { fuel, status } = await plugin.start();
    assert.equal(status, "returned");
    assert.ok(performance.now() - began < 30_000, "an hour of sleep takes no time");
    return [out.bytes().toString("hex"), fuel];
  };
  const first = await run(42n);
  assert.deepEqual(await run(42n), first);
  assert.notDeepEqual(await run(43n), first);
  const clock = Buffer.from(first[0], "hex").readBigUInt64LE(0);
  assert.equal(clock / 1_000_000_000n, 1n);
});

test("the Go sample is called by its Go signature", async () => {
  const out = collect();
  const bytes = await readFile(new URL("../../plugin/build/greet.wasm", import.meta.url));
  const plugin = await Plugin.load(bytes, { imports: { log: { log: "print" } }, ...out.options });
  assert.equal(plugin.kind, "reactor");
  const greet = plugin.exports.find(({ name }) => name === "greet");
  assert.deepEqual(greet.params, ["i32", "i32"]);
  assert.ok(plugin.imports.some(({ provided }) => provided === "wasi"));
  const outcome = await plugin.call("greet", ["WaZero"], { go: "greet(name string)" });
  assert.equal(outcome.status, "returned", outcome.message);
  assert.match(out.stdout() + out.host(), /Hello, WaZero/);
  assert.deepEqual(outcome.args, ["WaZero"]);
});

test("Go source tells the signatures", async () => {
  const goSource = {
    "main.go": "package main\n//go:wasmexport add\nfunc sum(first, second int32) int32 { return 0 }\n",
  };
  const plugin = await Plugin.load(await wasm("bare"), { goSource });
  const add = plugin.exports.find(({ name }) => name === "add");
  assert.deepEqual([add.go, add.from], ["add(first int32, second int32) int32", "source"]);
  await assert.rejects(plugin.call("add", [1]), /needs 2 arguments, has 1/);
  const spin = plugin.exports.find(({ name }) => name === "spin");
  assert.deepEqual([spin.go, spin.from], ["spin()", "guess"]);
});

test("64-bit integers are bigints", async () => {
  const plugin = await Plugin.load(await wasm("bare"));
  const { result } = await plugin.call("twice", [-(2n ** 62n)]);
  assert.equal(result, -(2n ** 63n));
  assert.equal((await plugin.call("twice", [4])).result, 8n);
  await assert.rejects(plugin.call("twice", [2n ** 63n]), /out of range/);
});

test("memory is read in its bounds", async () => {
  const plugin = await Plugin.load(await wasm("bare"));
  const { result: word } = await plugin.call("word");
  assert.equal(text(plugin.memory(word, 5)), "flood");
  const end = (await plugin.call("pages")).result * 65_536;
  assert.equal(plugin.memory(end, 0).length, 0);
  for (const [address, length] of [[end, 1], [-1, 1], [0, 2 ** 40], ["x", 1], [0.5, 1]]) {
    assert.throws(() => plugin.memory(address, length), RangeError);
  }
});

test("a stack trace is of the caller", async () => {
  const plugin = await Plugin.load(await wasm("bare"));
  const thrown = [];
  await Plugin.load("no bytes").catch((error) => thrown.push(error));
  try {
    plugin.memory(-1, 1);
  } catch (error) {
    thrown.push(error);
  }
  assert.equal(thrown.length, 2);
  for (const { stack, message } of thrown) {
    assert.ok(stack.includes(message), stack);
    assert.doesNotMatch(stack, /wasm:\/\/|wasm-function|__wbg_/);
  }
});

test("what cannot be used is refused with its place", async () => {
  const bytes = await wasm("bare");
  const cyclic = {};
  cyclic.preopens = { "/": cyclic };
  for (const [options, message] of [
    [{ limits: { fuel: "x" } }, /^options\.limits\.fuel: needs a bigint or a number ≥ 0, got "x"$/],
    [{ arguments: [] }, /^options\.arguments: there is no such option/],
    [{ imports: { log: { log: "print" } } }, /^options\.imports\.log\.log: the module has no such/],
    [{ imports: { log: { log: {} } } }, /^options\.imports\.log\.log: needs "print"/],
    [{ limits: { callDepth: 2 ** 32 } }, /^options\.limits\.callDepth: needs a bigint or a number from 0/],
    [{ env: new Map() }, /^options\.env: needs an object, got a Map$/],
    [{ args: [Symbol("a")] }, /^options\.args\[0\]: needs a string, got a symbol$/],
    [cyclic, /^options: nested too deeply, or contains itself$/],
    [7, /^options: needs an object, got 7$/],
    [null, /^options: needs an object, got null$/],
  ]) {
    await assert.rejects(Plugin.load(bytes, options), { name: "Error", message });
  }
  const getter = Object.defineProperty({}, "args", {
    enumerable: true,
    get() {
      throw new TypeError("mine");
    },
  });
  await assert.rejects(Plugin.load(bytes, getter), { name: "TypeError", message: "mine" });
  await assert.rejects(Plugin.load("x"), /^Error: load: needs the bytes of a module/);
  await assert.rejects(Plugin.load(new Uint8Array([1, 2, 3])), Error);
  const plugin = await Plugin.load(bytes);
  await assert.rejects(plugin.start(), /neither _start nor _initialize/);
  await assert.rejects(plugin.call("none"), /exports no function none/);
  await assert.rejects(plugin.call("add", ["x", 1]), /add: .*int32/);
  await assert.rejects(plugin.call("add", [() => {}, 1]), /args\[0\]: cannot be a function/);
  await assert.rejects(plugin.call("add", 7), /^Error: args: needs an array, got 7$/);
  await assert.rejects(plugin.call("add", [1, 2], { go: "add(" }), /^Error: options\.go: 1:/);
  assert.equal((await plugin.call("add", [1, 2])).result, 3);
});

test("what a callback throws ends the call with it", async () => {
  const thrown = new Error("mine");
  const plugin = await Plugin.load(await wasm("hello"), {
    onStdout: () => {
      throw thrown;
    },
  });
  await assert.rejects(plugin.start(), thrown);
  await assert.rejects(plugin.start(), thrown);
});

test("a name from the guest cannot reach a prototype", async () => {
  const tree = JSON.parse('{ "__proto__": { "polluted": "yes" }, "etc": { "motd": "hi" } }');
  const plugin = await Plugin.load(await wasm("files"), { preopens: { "/": tree, "/ro": {} } });
  await plugin.start();
  const files = plugin.files("/");
  assert.equal(files.polluted, undefined);
  assert.ok(Object.hasOwn(files, "__proto__"));
});
