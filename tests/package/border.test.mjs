// Every type that can cross the border, through the package: the plugin of tests/native/border, which Go
// builds, with the calls that the native tests make and what Go makes of them.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { test } from "node:test";
import { Plugin, init, wasm, collect } from "./support.mjs";

await init();

const folder = new URL("../native/border/", import.meta.url);
const { signatures, calls } = JSON.parse(await readFile(new URL("calls.json", folder), "utf8"));

async function source() {
  const names = await readdir(folder, { recursive: true });
  const files = names.filter((name) => name.endsWith(".go"));
  const texts = files.map(async (name) => [name, await readFile(new URL(name, folder), "utf8")]);
  return Object.fromEntries(await Promise.all(texts));
}

const out = collect();
const plugin = await Plugin.load(await wasm("border"), { goSource: await source(), ...out.options });

// What the package gives, as the calls have it: JSON has neither bigints nor bytes nor infinities.
function inJson(value) {
  if (typeof value === "bigint") {
    return BigInt.asIntN(54, value) === value ? Number(value) : String(value);
  }
  if (Math.abs(value) === Infinity) return value > 0 ? "+Inf" : "-Inf";
  if (value instanceof Uint8Array) return [...value];
  if (Array.isArray(value)) return value.map(inJson);
  if (value === null || typeof value !== "object") return value;
  if ("$bytes" in value) return [...Buffer.from(value.$bytes, "hex")];
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inJson(item)]));
}

// A float32 is given as the float64 that it is, and written with fewer digits.
function alike(given, known) {
  if (typeof given === "number" && typeof known === "number") {
    return Object.is(given, known) || Object.is(given, Math.fround(known));
  }
  if (given === null || typeof given !== "object") return given === known;
  const keys = Object.keys(given);
  return (
    known !== null &&
    Array.isArray(given) === Array.isArray(known) &&
    keys.length === Object.keys(known).length &&
    keys.every((key) => alike(given[key], known[key]))
  );
}

function assertAlike(given, known, call) {
  if (!alike(inJson(given), inJson(known))) assert.deepEqual(given, known, JSON.stringify(call));
}

test("the source says what the exports take", () => {
  const known = new Set(signatures);
  const shown = plugin.exports.filter(({ from }) => from === "source").map(({ go }) => go);
  assert.deepEqual(
    shown.filter((go) => known.has(go)).sort(),
    [...signatures].sort(),
  );
  assert.deepEqual(plugin.problems, []);
});

test("what is sent arrives, and what Go changes comes back", async () => {
  for (const call of calls) {
    const before = out.stdout().length;
    const outcome = await plugin.call(call.call, call.args);
    assert.equal(outcome.status, "returned", `${JSON.stringify(call)}: ${outcome.message}`);
    assert.equal(out.stdout().slice(before), call.prints, JSON.stringify(call));
    assertAlike(outcome.args, call.left, call);
    if ("result" in call) assertAlike(outcome.result ?? null, call.result, call);
  }
});
