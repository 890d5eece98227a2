// Saved calls as tests: from a program, and by the command `plugboard test`.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { deflateRawSync } from "node:zlib";
import { Plugin, entry, init, savedCalls, wasm } from "./support.mjs";

await init();
const folder = await mkdtemp(join(tmpdir(), "plugboard-"));
after(() => rm(folder, { recursive: true }));

const cli = join(dirname(entry instanceof URL ? fileURLToPath(entry) : entry), "cli.js");
const guest = join(folder, "asking.wasm");
await writeFile(guest, await wasm("asking"));

/** A file of calls. */
async function written(calls, rest = {}) {
  const file = join(folder, `${Math.random().toString(36).slice(2)}.json`);
  await writeFile(file, typeof calls === "string" ? calls : JSON.stringify({ plugboard: 1, calls, ...rest }));
  return file;
}

/** Runs the command: its exit status and what it prints. */
function plugboard(...args) {
  return new Promise((done) => {
    execFile(process.execPath, [cli, ...args], (error, stdout, stderr) => {
      done({ status: error ? error.code : 0, stdout, stderr });
    });
  });
}

const double = (n, result, more = {}) => ({
  name: `doubles ${n}`,
  export: "double",
  signature: "double(n int32) int32",
  args: [n],
  expect: { result, ...more },
});

test("a saved call passes, or says how what came differs", async () => {
  const plugin = await Plugin.load(await wasm("asking"));
  const check = (call, options) => plugin.check(JSON.stringify(call), options);
  const good = await check(double(4, 8, { exit: null, stdout: "", host_calls: [] }));
  assert.deepEqual([good.passed, good.differences], [true, []]);
  const bad = await check(double(4, 9), { fresh: true });
  assert.deepEqual([bad.passed, bad.differences], [false, [{ what: "result", lines: ["- 9", "+ 8"] }]]);
  assert.deepEqual(JSON.parse(bad.updated).expect, { exit: null, result: 8 });
  const none = await check({ export: "none" });
  assert.match(none.differences[0].lines[0], /exports no function none/);
  await assert.rejects(plugin.check("{"), /^Error: check: /);
  await assert.rejects(plugin.check('{"export": "double", "args": 1}'), /^Error: call\.args: needs a list, got 1$/);
});

test("host calls and what imports print are kept, also with onTrace", async () => {
  const traced = [];
  const options = [{}, { onTrace: ({ name }) => traced.push(name) }];
  for (const more of options) {
    const plugin = await Plugin.load(await wasm("asking"), { imports: { host: { log: "print" } }, ...more });
    const call = { export: "say", expect: { printed: "hello", stdout: "", host_calls: ['host.log("hello")'] } };
    const verdict = await plugin.check(JSON.stringify(call));
    assert.deepEqual(verdict.differences, []);
  }
  assert.ok(traced.includes("host.log"));
});

test("integers beyond 2^53 are exact, whether numbers or strings", async () => {
  const plugin = await Plugin.load(await wasm("asking"), {
    imports: { host: { big: (_, number) => number } },
    goSource: { "main.go": "package main\n//go:wasmimport host big\nfunc big(number int64) int64\n" },
  });
  const call = (result) =>
    `{"export": "grow", "signature": "grow(n int64) int64", "args": [9007199254740993], "expect": {"result": ${result}}}`;
  assert.ok((await plugin.check(call('"9007199254740993"'))).passed);
  assert.ok((await plugin.check(call("9007199254740993"))).passed);
  assert.ok(!(await plugin.check(call("9007199254740992"))).passed);
});

test("the command says what passed and what differs, by its exit status too", async () => {
  const green = await plugboard("test", guest, await written([double(4, 8)]));
  assert.deepEqual(green, { status: 0, stdout: "✓ doubles 4\n1 passed, 0 failed\n", stderr: "" });
  const red = await plugboard("test", guest, await written([double(4, 8), double(5, 11)]));
  assert.equal(red.status, 1);
  assert.equal(red.stdout, "✓ doubles 4\n✗ doubles 5\n    result:\n      - 11\n      + 10\n1 passed, 1 failed\n");
  const filtered = await plugboard("test", guest, await written([double(4, 8), double(5, 11)]), "--filter", "4");
  assert.equal(filtered.stdout, "✓ doubles 4\n1 passed, 0 failed\n");
});

test("the command writes TAP and JUnit", async () => {
  const file = await written([{ ...double(4, 8), name: "a # b" }, { ...double(5, 11), name: '<"&\u0001>' }]);
  const report = join(folder, "junit.xml");
  const { status, stdout } = await plugboard("test", guest, file, "--tap", "--junit", report);
  assert.equal(status, 1);
  assert.match(stdout, /^TAP version 14\n1\.\.2\nok 1 - a \\# b\n {2}---\n/);
  assert.match(stdout, /\nnot ok 2 - .*\n {2}---\n {2}duration_ms: [\d.]+\n {2}difference: \|\n {4}result:\n {6}- 11\n {6}\+ 10\n {2}\.\.\.\n$/);
  const xml = await readFile(report, "utf8");
  assert.match(xml, /<testsuite name="asking\.wasm" tests="2" failures="1" errors="0" time="[\d.]+">/);
  assert.match(xml, /<testcase classname="asking\.wasm" name="&lt;&quot;&amp;&gt;" time="[\d.]+">\n\s+<failure message="result">/);
});

test("calls run in a fresh instance each, or in order in one", async () => {
  const counting = (result) => ({ name: `counts ${result}`, export: "ask", args: [0], expect: { result } });
  const answers = { host: { next: { answer: "count" } } };
  const file = await written([counting(1001), counting(1002)], { in_order: true, answers });
  assert.equal((await plugboard("test", guest, file)).stdout, "✓ counts 1001\n✓ counts 1002\n2 passed, 0 failed\n");
  const fresh = await plugboard("test", guest, file, "--fresh");
  assert.match(fresh.stdout, /✗ counts 1002\n {4}result:\n {6}- 1002\n {6}\+ 1001/);
  const both = await plugboard("test", guest, file, "--fresh", "--in-order");
  assert.deepEqual([both.status, both.stderr], [2, "plugboard: --fresh and --in-order: which?\n"]);
});

test("a session file of the page is run with its settings, answers, source and files", async () => {
  const pack = (text) => deflateRawSync(text).toString("base64");
  const program = join(folder, "telling.wasm");
  await writeFile(program, await wasm("telling"));
  const call = { name: "tells", export: "_start", args: [], expect: { exit: 3, stdout: "greet.wasm -v two words|value|hello|piped" } };
  const session = (settings, more = {}) =>
    written([call], {
      plugin: { name: "greet.wasm", size: 1 },
      settings: { arguments: "-v 'two words'", environment: "KEY=value", preopens: "/data:ro", memory: "4 MiB", time: "5 s", ...settings },
      files: [
        { preopen: "/data", path: "etc" },
        { preopen: "/data", path: "etc/motd", data: pack("hello") },
        { preopen: "/gone", path: "motd", data: pack("unseen") },
      ],
      ...more,
    });
  const text = await session({ stdin: "piped", stdinFrom: "text" });
  assert.deepEqual(await plugboard("test", program, text), { status: 0, stdout: "✓ tells\n1 passed, 0 failed\n", stderr: "" });
  const file = await session({ stdinFrom: "file" }, { stdin: pack("piped") });
  assert.equal((await plugboard("test", program, file)).status, 0);
  const none = await plugboard("test", program, await session({ stdinFrom: "nothing", environment: "KEY=other" }, { files: [] }));
  assert.match(none.stdout, /\+ greet\.wasm -v two words\|other\|\|$/m);

  // Without the plugin's name the settings tell that they are the page's.
  const bare = await written([{ ...call, expect: { exit: 3 } }], { settings: { environment: "KEY=value" } });
  assert.equal((await plugboard("test", program, bare)).status, 0);
  const wrong = await plugboard("test", program, await session({ memory: "lots" }));
  assert.equal(wrong.status, 2);
  assert.match(wrong.stderr, /\.json: settings\.memory: "lots" is no size: write it as 256 MiB/);
});

test("a call that hangs is ended", async () => {
  const spin = { name: "spins", export: "spin", expect: {} };
  const file = await written([spin, double(4, 8)]);
  const { status, stdout } = await plugboard("test", guest, file, "--seconds", "0.2");
  assert.equal(status, 1);
  assert.match(stdout, /^✗ spins\n {4}end:\n {6}- returned\n {6}\+ spin: .*\n {4}it ended in:\n {8}spin\n✓ doubles 4\n/);
});

test("answers of the file are given; JavaScript only if that is allowed", async () => {
  const call = { name: "asks", export: "ask", args: [7], expect: { result: 1008 } };
  const answered = (answer) => written([call], { answers: { plugboard: "imports", imports: { host: { next: answer } } } });
  const file = await answered({ answer: "javascript", code: "return p0 + 1" });
  const refused = await plugboard("test", guest, file);
  assert.equal(refused.status, 2);
  assert.match(refused.stderr, /answers\.host\.next is JavaScript: read it, and run it with --allow-scripts/);
  assert.equal((await plugboard("test", guest, file, "--allow-scripts")).status, 0);
  assert.equal((await plugboard("test", guest, await answered({ answer: "constant", value: "8" }))).status, 0);
  assert.equal((await plugboard("test", guest, await answered({ answer: "echo", argument: "0" }))).status, 1);
});

test("what came is taken as what is expected, and the rest of the file stays", async () => {
  const text = `{"plugboard": 1, "settings": {}, "number": 12345678901234567890, "calls": [${JSON.stringify(double(5, 11))}]}`;
  const file = await written(text);
  const { status, stdout } = await plugboard("test", guest, file, "--update");
  assert.deepEqual([status, stdout.split("\n")[0]], [0, "✗ doubles 5 (updated)"]);
  const updated = await readFile(file, "utf8");
  assert.match(updated, /12345678901234567890/);
  assert.equal(savedCalls(updated).calls.length, 1);
  assert.equal((await plugboard("test", guest, file)).status, 0);
});

test("what cannot be run is said, and the status is 2", async () => {
  const file = await written([double(4, 8)]);
  const none = join(folder, "none.json");
  for (const [args, message] of [
    [[], /^plugboard: usage: plugboard test <plugin\.wasm> <calls\.json>/],
    [["run", guest, file], /^plugboard: there is no command run\nusage: /],
    [["test", guest, file, "--speed"], /^plugboard: Unknown option '--speed'/],
    [["test", guest, file, "--seconds", "x"], /--seconds: needs a number of seconds, got x/],
    [["test", guest, file, "--filter", "zzz"], /no call has "zzz" in its name/],
    [["test", join(folder, "none.wasm"), file], /none\.wasm cannot be read: there is no such file/],
    [["test", guest, none], /none\.json cannot be read: there is no such file/],
    [["test", guest, await written("{")], /it is not JSON: /],
    [["test", guest, await written([])], /there are no calls/],
    [["test", guest, await written('{"plugboard": 9, "calls": []}')], /it is of version 9/],
    [["test", guest, await written([{ export: "double", arg: [] }])], /calls\[0\]\.arg: there is no such part of a call/],
    [["test", guest, await written([double(1, 2)], { settings: { limits: { fuel: "x" } } })], /settings\.limits\.fuel: needs/],
    [["test", file, file], /\.json: /],
  ]) {
    const { status, stderr } = await plugboard(...args);
    assert.equal(status, 2, `${args}: ${stderr}`);
    assert.match(stderr, message);
  }
  const help = await plugboard("--help");
  assert.equal(help.status, 0);
  assert.match(help.stdout, /--junit FILE/);
});
