// Runs a checkout of WebAssembly/wasi-testsuite with built tests through the package:
//
//   node conformance.mjs <folder>
//
// Each `*.wasm` for preview 1 is run as the `*.json` beside it says (the suite's doc/specification.md);
// tests of other versions, in folders that are named so, are not for this host.

import { readFile, readdir, readlink, stat } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { Plugin, init } from "./support.mjs";

/** How long a test may run, in milliseconds. */
const TIMEOUT = 60_000;

const folder = process.argv[2];
if (!folder || !(await stat(folder).catch(() => null))?.isDirectory()) {
  console.error("usage: node conformance.mjs <a checkout of wasi-testsuite with built tests>");
  process.exit(2);
}

await init();
let passed = 0;
const failed = [];
for (const file of await tests(folder)) {
  const name = relative(folder, file);
  const reasons = await run(file).catch((error) => [String(error)]);
  if (reasons.length === 0) {
    passed += 1;
    console.log(`pass ${name}`);
  } else {
    failed.push(name);
    console.log(`FAIL ${name}`);
    for (const reason of reasons) console.log(`     ${reason}`);
  }
}
console.log(`${passed} passed, ${failed.length} failed`);
if (passed + failed.length === 0) {
  console.error(`no tests for preview 1 are built in ${folder}`);
}
process.exitCode = failed.length === 0 && passed > 0 ? 0 : 1;

/** The modules for preview 1 in `folder`, in order. */
async function tests(folder) {
  const found = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!/wasip[^1]/.test(entry.name) && entry.name !== ".git") found.push(...(await tests(path)));
    } else if (entry.name.endsWith(".wasm")) {
      found.push(path);
    }
  }
  return found.sort();
}

/** What was not as the specification says; nothing if all was. */
async function run(file) {
  const { args, env, preopens, expected } = await specification(file);
  const out = { stdout: [], stderr: [] };
  const plugin = await Plugin.load(await readFile(file), {
    args: [basename(file), ...args],
    env,
    preopens,
    onStdout: (chunk) => out.stdout.push(chunk),
    onStderr: (chunk) => out.stderr.push(chunk),
  });
  const timer = setTimeout(() => plugin.stop(), TIMEOUT);
  const outcome = await plugin.start();
  clearTimeout(timer);
  const printed = (stream) => Buffer.concat(out[stream]).toString();
  const reasons = [];
  const code = outcome.status === "returned" ? 0 : outcome.exitCode;
  if (code !== expected.exit_code) {
    const how = outcome.message ?? (code === undefined ? outcome.status : `exit code ${code}`);
    reasons.push(`expected exit code ${expected.exit_code}: ${how}`);
    for (const line of printed("stderr").split("\n").filter(Boolean)) reasons.push(`  ${line}`);
  }
  for (const stream of ["stdout", "stderr"]) {
    if (expected[stream] !== undefined && printed(stream) !== expected[stream]) {
      const [want, got] = [expected[stream], printed(stream)].map((text) => JSON.stringify(text));
      reasons.push(`expected ${stream} ${want}: ${got}`);
    }
  }
  return reasons;
}

/** The older form of a specification says all at once; the newer one is a list of operations. */
async function specification(file) {
  const path = file.replace(/\.wasm$/, ".json");
  const json = JSON.parse((await readFile(path, "utf8").catch(() => "{}")) || "{}");
  const operations = json.operations ?? [];
  const unknown = operations.find(({ type }) => !["run", "wait", "read"].includes(type));
  if (unknown) throw new Error(`the operation ${unknown.type} is not for preview 1`);
  const run = json.operations ? (operations.find(({ type }) => type === "run") ?? {}) : json;
  const wait = json.operations ? (operations.find(({ type }) => type === "wait") ?? {}) : json;
  const expected = { exit_code: wait.exit_code ?? 0, stdout: json.stdout, stderr: json.stderr };
  for (const { type, id = "stdout", payload = "" } of operations) {
    if (type === "read") expected[id] = payload;
  }
  const preopens = {};
  if (run.root) preopens["/"] = await tree(join(dirname(file), run.root));
  for (const dir of run.dirs ?? []) preopens[dir] = await tree(join(dirname(file), dir));
  return { args: run.args ?? [], env: run.env ?? {}, preopens, expected };
}

/** The files of a folder, without what earlier runs of other hosts have left. */
async function tree(folder) {
  const files = {};
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.name.endsWith(".cleanup")) continue;
    if (entry.isDirectory()) files[entry.name] = await tree(path);
    else if (entry.isSymbolicLink()) files[entry.name] = { "/symlink": await readlink(path) };
    else files[entry.name] = await readFile(path);
  }
  return files;
}
