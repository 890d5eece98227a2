#!/usr/bin/env node
// The command `plugboard`: runs the saved calls of a plugin in a terminal and in CI.

import { readFile, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { inflateRawSync } from "node:zlib";
import { answersOf } from "./answers.js";
import { junit, tap, text } from "./report.js";
import init, { Plugin, savedCalls, updateCalls } from "./index.js";

const HELP = `usage: plugboard test <plugin.wasm> <calls.json> [options]

Makes the calls that Plugboard's page has saved (Calls, Save calls…), and says of each whether it came to what
is expected of it. That may be a session file (Share), too, whose settings, answers, source and files hold as they do on
the page. In another one, "settings" are the package's options (env, args, preopens, limits, …), or the page's.

  --fresh           each call in a fresh instance, whatever the file says
  --in-order        all in one instance, one after the other
  --filter TEXT     only the calls that have TEXT in their names
  --source FILE     a Go file that has the types of signatures; may be repeated
  --seconds N       how long a call may take, unless the file says so; 60
  --allow-scripts   run the JavaScript that the file's answers bring, with all that Node may do
  --cover FILE      write which lines of the source the calls have reached, as go test -coverprofile does
  --profile FILE    write where their fuel went, for go tool pprof; with either, calls take more time and fuel
  --update          write what came of the calls into the file, as what is expected
  --tap             print TAP
  --junit FILE      write a report in JUnit's form, too
  --help            print this

The exit status is 0 if all passed, 1 if some failed, 2 if they could not be run.
`;

/** Frames that are printed of a call that has ended in the middle. */
const FRAMES = 10;

/** Why the calls cannot be run. */
class CannotRun extends Error {}

/** Runs the command; its exit status. */
async function main(argv) {
  const { values, positionals } = read(argv);
  const [command, module, file] = positionals;
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (command !== "test" || !file || positionals.length > 3) {
    throw new CannotRun(`${command && command !== "test" ? `there is no command ${command}\n` : ""}${HELP.split("\n")[0]}`);
  }
  if (values.fresh && values["in-order"]) {
    throw new CannotRun("--fresh and --in-order: which?");
  }
  const seconds = Number(values.seconds ?? 60);
  if (!(seconds > 0)) {
    throw new CannotRun(`--seconds: needs a number of seconds, got ${values.seconds}`);
  }
  const bytes = await contents(module);
  const written = (await contents(file)).toString("utf8");
  const source = {};
  for (const path of values.source ?? []) {
    source[basename(path)] = (await contents(path)).toString("utf8");
  }
  await init();
  const saved = attempt(file, () => savedCalls(written));
  const inOrder = values["in-order"] || (saved.inOrder && !values.fresh);
  const places = [...saved.calls.keys()].filter((place) => saved.calls[place].name.includes(values.filter ?? ""));
  if (places.length === 0) {
    const none = values.filter ? `no call has ${JSON.stringify(values.filter)} in its name` : "there are no calls";
    throw new CannotRun(`${file}: ${none}`);
  }
  const debug = values.cover !== undefined || values.profile !== undefined;
  const given = { goSource: source, seconds, scripts: values["allow-scripts"], debug };
  const plugin = await load(bytes, module, file, JSON.parse(written), given);
  if (values.cover !== undefined) {
    // Whether it can be is known before anything has run.
    attempt("--cover", () => plugin.coverage.profile());
  }
  if (values.profile !== undefined) plugin.profile.start();
  const results = [];
  const reporter = values.tap ? tap : text;
  reporter.begin?.(places.length);
  for (const place of places) {
    const { name, call } = saved.calls[place];
    const start = performance.now();
    const verdict = await plugin.check(call, { fresh: !inOrder }).catch((error) => ({
      passed: false,
      differences: [{ what: "it cannot be called", lines: [`+ ${error.message}`] }],
    }));
    const result = { place, name, millis: performance.now() - start, ...verdict, differences: withPlace(verdict) };
    results.push(result);
    reporter.result(result, results.length, Boolean(values.update && verdict.updated));
  }
  reporter.end?.(results);
  if (values.cover !== undefined) {
    const save = writeFile(values.cover, plugin.coverage.profile());
    await save.catch(cannot(`${values.cover} cannot be written`));
    reporter.covered(plugin.coverage.files());
  }
  if (values.profile !== undefined) {
    const save = writeFile(values.profile, plugin.profile.stop().pprof);
    await save.catch(cannot(`${values.profile} cannot be written`));
  }
  if (values.junit) {
    await writeFile(values.junit, junit(basename(module), results)).catch(cannot(`${values.junit} cannot be written`));
  }
  if (values.update) {
    const news = results.map(({ place, updated }) => [place, updated]).filter(([, updated]) => updated);
    const updated = updateCalls(written, news.map(([place]) => place), news.map(([, call]) => call));
    await writeFile(file, updated).catch(cannot(`${file} cannot be written`));
    return results.every(({ updated }) => updated) ? 0 : 1;
  }
  return results.every(({ passed }) => passed) ? 0 : 1;
}

function read(argv) {
  const text = { type: "string" };
  const flag = { type: "boolean" };
  const options = {
    fresh: flag,
    "in-order": flag,
    filter: text,
    source: { type: "string", multiple: true },
    seconds: text,
    "allow-scripts": flag,
    cover: text,
    profile: text,
    update: flag,
    tap: flag,
    junit: text,
    help: { type: "boolean", short: "h" },
  };
  try {
    return parseArgs({ args: argv, options, allowPositionals: true });
  } catch (error) {
    throw new CannotRun(error.message);
  }
}

/** What is otherwise, and where a call that did not return has ended. */
function withPlace({ passed, differences, backtrace = [] }) {
  const own = backtrace.filter((frame) => !frame.runtime);
  const frames = (own.length > 0 ? own : backtrace).slice(0, FRAMES);
  if (passed || frames.length === 0) return differences;
  const lines = frames.map((frame) => {
    const { function: name, file, line } = frame;
    return `  ${name}${file ? ` ${file}${line ? `:${line}` : ""}` : ""}`;
  });
  return [...differences, { what: "it ended in", lines }];
}

async function load(bytes, module, file, json, { goSource, seconds, scripts, debug }) {
  const settings = json.settings ?? {};
  if (typeof settings !== "object" || Array.isArray(settings)) {
    throw new CannotRun(`${file}: settings: needs an object, the package's options`);
  }
  const limits = { wallMillis: Math.ceil(seconds * 1000) };
  const read = isOfPage(json, settings)
    ? ofPage(json, settings, file, { limits, goSource })
    : { args: [basename(module)], goSource, ...settings, limits: { ...limits, ...settings.limits } };
  const options = debug ? { ...read, debug } : read;
  const bare = async (imports) =>
    Plugin.load(bytes, { ...options, ...(imports && { imports }) }).catch((error) => {
      const ofOptions = error.message.startsWith("options.");
      const words = error.message
        .replace(/^options\.session: /, "")
        .replace(/^options\.imports/, "answers")
        .replace(/^options\./, "settings.");
      throw new CannotRun(`${ofOptions ? file : module}: ${words}`);
    });
  if (!json.answers) {
    return bare();
  }
  // What the imports are called, and what their parameters are, is known once the module has been read.
  const first = await bare();
  const { imports } = first;
  first.free();
  return bare(attempt(file, () => answersOf(json.answers, imports, scripts)));
}

/** Whether the settings are written as the page writes them: as what is typed there. */
function isOfPage(json, settings) {
  const isTyped = ([key, value]) => typeof value === "string" && key !== "stdin";
  const own = ["initialize", "deterministic", "keys", "stdinFile"];
  return Boolean(json.plugin) || Object.entries(settings).some(isTyped) || own.some((key) => key in settings);
}

/** What a session of the page comes to: its settings are read as they are there, its files are unpacked. */
function ofPage(json, settings, file, { limits, goSource }) {
  const options = { session: JSON.stringify(json), goSource: { ...json.source, ...goSource } };
  if (settings.time === undefined) options.limits = limits;
  const unpacked = (data, what) => attempt(`${file}: ${what}`, () => inflateRawSync(Buffer.from(data, "base64")));
  if (settings.stdinFrom === "file" && json.stdin) options.stdin = unpacked(json.stdin, "stdin");
  if (json.files?.length) {
    const lines = (settings.preopens ?? "/").split("\n").map((line) => line.trim()).filter(Boolean);
    const paths = lines.map((line) => line.replace(/:ro$/, ""));
    options.preopens = Object.fromEntries(paths.map((path) => [path, {}]));
    options.readonly = paths.filter((path, place) => path !== lines[place]);
    for (const { preopen, path, data } of json.files) {
      const names = path.split("/");
      const last = names.pop();
      // A directory that is not open any more has nothing to be found in.
      let folder = options.preopens[preopen];
      for (const name of names) folder = folder && (folder[name] ??= {});
      if (folder && data === undefined) folder[last] ??= {};
      else if (folder) folder[last] = unpacked(data, path);
    }
  }
  return options;
}

const contents = (path) => readFile(path).catch(cannot(`${path} cannot be read`));

const cannot = (what) => (error) => {
  throw new CannotRun(`${what}: ${error.code === "ENOENT" ? "there is no such file" : error.message}`);
};

function attempt(file, action) {
  try {
    return action();
  } catch (error) {
    throw new CannotRun(`${file}: ${error.message}`);
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(`plugboard: ${error instanceof CannotRun ? error.message : error.stack}`);
  process.exitCode = 2;
}
