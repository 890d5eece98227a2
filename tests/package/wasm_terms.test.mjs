// What other compilers' modules have and Go's have not: several results, references, one name imported more
// than once, an ABI of their own.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Plugin, init } from "./support.mjs";

await init();

// (module
//   (import "env" "f" (func $i (param i32) (result i32)))
//   (import "env" "f" (func $l (param i64) (result i64)))
//   (import "env" "f" (global $g i32))
//   (import "env" "pair" (func $pair (result i32 i64)))
//   (memory (export "memory") 1)
//   (global $n (mut i32) (i32.const 0))
//   (table $t 3 funcref)
//   (elem (i32.const 1) $one)
//   (type $number (func (result i32)))
//   (func $one (result i32) (i32.const 1))
//   (func (export "int") (result i32) (call $i (i32.const 5)))
//   (func (export "long") (result i64) (call $l (i64.const 6)))
//   (func (export "global") (result i32) (global.get $g))
//   (func (export "pair") (result i32 i64) (call $pair))
//   (func (export "divmod") (param i32 i32) (result i32 i32)
//     (i32.div_s (local.get 0) (local.get 1)) (i32.rem_s (local.get 0) (local.get 1)))
//   (func (export "at") (param i32) (result funcref) (table.get $t (local.get 0)))
//   (func (export "run") (param funcref) (result i32)
//     (table.set $t (i32.const 2) (local.get 0)) (call_indirect $t (type $number) (i32.const 2)))
//   (func (export "malloc") (param i32) (result i32)
//     (global.set $n (local.get 0)) (i32.const 1024))
//   (func (export "free") (param i32))
//   (func (export "sum") (result i32) (local $i i32) (local $s i32)
//     (loop $l (if (i32.lt_u (local.get $i) (global.get $n)) (then
//       (local.set $s (i32.add (local.get $s) (i32.load8_u offset=1024 (local.get $i))))
//       (local.set $i (i32.add (local.get $i) (i32.const 1))) (br $l)))) (local.get $s)))
const bytes = Buffer.from(
    "AGFzbQEAAAABLQlgAAF/YAF/AX9gAX4BfmAAAn9+YAABfmACf38Cf39gAX8BcGABcAF/YAF/AAIlBANlbnYBZgABA2VudgFm" +
    "AAIDZW52AWYDfwADZW52BHBhaXIAAwMMCwAABAADBQYHAQgABAQBcAADBQMBAAEGBgF/AUEACwdRCwZtZW1vcnkCAANpbnQA" +
    "BARsb25nAAUGZ2xvYmFsAAYEcGFpcgAHBmRpdm1vZAAIAmF0AAkDcnVuAAoGbWFsbG9jAAsEZnJlZQAMA3N1bQANCQcBAEEB" +
    "CwEDCnMLBABBAQsGAEEFEAALBgBCBhABCwQAIwALBAAQAgsMACAAIAFtIAAgAW8LBgAgACUACw0AQQIgACYAQQIRAAALCQAg" +
    "ACQBQYAICwIACyUBAn8DQCAAIwFJBEAgASAALQCACGohASAAQQFqIQAMAQsLIAEL",
  "base64",
);

const load = (env = {}) => Plugin.load(bytes, { imports: { env } });

test("several results are an array", async () => {
  const plugin = await load();
  const { result } = await plugin.call("divmod", [7, 2]);
  assert.deepEqual(result, [3, 1]);
  const exported = plugin.exports.find(({ name }) => name === "divmod");
  assert.deepEqual(exported.results, ["i32", "i32"]);
  assert.equal(exported.go, undefined, "no Go function is like it");
});

test("an import returns several results", async () => {
  for (const pair of [[3, -1], () => [3, -1n], async () => [3, -1], [[3, -1n]]]) {
    const plugin = await load({ pair });
    assert.deepEqual((await plugin.call("pair")).result, [3, -1n]);
  }
  const wrong = await load({ pair: () => 3 });
  assert.match((await wrong.call("pair")).message, /an array of 2 values, and returned 3/);
});

test("a function that a call returned is given back", async () => {
  const plugin = await load();
  assert.equal((await plugin.call("at", [0])).result, null);
  const one = (await plugin.call("at", [1])).result;
  assert.equal((await plugin.call("run", [one])).result, 1);
  await assert.rejects(plugin.call("run", [{ $ref: 9 }]), /there is no function ref 9/);
  assert.match((await plugin.call("run", [null])).message, /uninitialized|null|element/);
});

test("an answer is for every import of its name that it fits", async () => {
  const plugin = await load({ f: 7 });
  assert.equal((await plugin.call("int")).result, 7);
  assert.equal((await plugin.call("long")).result, 7n);
  assert.equal((await plugin.call("global")).result, 7);
  const twice = await load({ f: (_, n) => n + n });
  assert.equal((await twice.call("int")).result, 10);
  assert.equal((await twice.call("long")).result, 12n);
});

test("an array answers the imports of a name apart", async () => {
  const plugin = await load({ f: [1, (_, n) => n * 10n, 3] });
  const results = [];
  for (const name of ["int", "long", "global"]) results.push((await plugin.call(name)).result);
  assert.deepEqual(results, [1, 60n, 3]);
  await assert.rejects(load({ f: [1, 2, 3, 4] }), /has 4 answers, and the module imports it 3 times/);
});

test("memory is written, and room is asked for", async () => {
  const plugin = await load();
  assert.throws(() => plugin.write(0, "x"), /nothing has run yet/);
  const address = (await plugin.call("malloc", [3])).result;
  assert.equal(plugin.write(address, "abc"), 3);
  assert.equal((await plugin.call("sum")).result, 294);
  assert.equal(plugin.write({ $address: address }, Uint8Array.of(1, 2)), 2);
  assert.deepEqual([...plugin.read(address, 3)], [1, 2, 99]);
  assert.throws(() => plugin.write(65_535, "ab"), { name: "RangeError" });
  assert.equal(plugin.read(65_535, 1)[0], 0, "nothing was written");
  assert.equal(await plugin.allocate("abcd"), 1024);
  assert.equal((await plugin.call("sum")).result, 394);
});
