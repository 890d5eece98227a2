// Makes the files with which the page builds Go programs: `node src/build/toolchain.mjs DIRECTORY`. They are Go's own tools,
// compiled for wasip1 from the Go on PATH, and the archives of its standard library; `index.json` says what there is. Each
// is compressed, and named by what is in it. What has not changed is not made again: Go's build cache sees to that.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

const [directory] = process.argv.slice(2);
const run = promisify(execFile);
const compress = promisify(gzip);
// Nothing that this machine has set goes into a build.
const env = {
  ...process.env, GOOS: "wasip1", GOARCH: "wasm", GOWASM: "", GOFLAGS: "", GOEXPERIMENT: "", GOTOOLCHAIN: "local",
  CGO_ENABLED: "0", GOWORK: "off", GODEBUG: "",
};
const go = async (...args) => (await run("go", args, { env, cwd: source(), maxBuffer: 1 << 30 })).stdout;
const source = () => (root ? join(root, "src") : undefined);
let root;
root = (await go("env", "GOROOT")).trim();
const version = (await go("env", "GOVERSION")).trim();
const read = (file) => readFileSync(join(source(), file), "utf8");

// ---- The tools: without the architectures that are never asked for, which are most of them. ----

/** A file of Go's without what no build for wasm needs; it fails when the file is not as it is expected to be. */
const only = (file, ...cuts) => cuts.reduce((text, cut) => cut(text, file), read(file));

const expected = (condition, file, what) => {
  if (!condition) throw new Error(`${file} of ${version} has no ${what}: src/build/toolchain.mjs must be changed for it; GO_IN_PAGE=0 does without`);
};

/** Without the packages of these architectures among the imports. */
const withoutImports = (folder) => (text, file) => {
  const line = new RegExp(`^\\t"${folder}/(?:amd64|arm|arm64|loong64|mips|mips64|ppc64|riscv64|s390x|x86)"\\n`, "gm");
  expected(line.test(text), file, "imports of architectures");
  return text.replace(line, "");
};

/** Without the entries of the map of architectures, but for that of wasm. */
const withoutEntries = (text, file) => {
  const entries = /^\t"\w+": +(\w+)\.Init,\n/gm;
  expected(/^\t"wasm": +wasm\.Init,$/m.test(text), file, "entry for wasm");
  return text.replace(entries, (entry, name) => (name === "wasm" ? entry : ""));
};

/** Without the cases of the first switch that `start` begins, but for that of wasm and the default. */
const withoutCases = (start) => (text, file) => {
  const from = text.indexOf(start);
  const to = text.indexOf("\n\t}\n", from);
  expected(from >= 0 && to > from, file, `“${start.trim()}”`);
  const body = from + start.length;
  const cases = text.slice(body, to).split(/^(?=\t(?:case|default))/m);
  const kept = cases.filter((one) => !one.startsWith("\tcase") || one.startsWith('\tcase "wasm":'));
  expected(kept.some((one) => one.startsWith("\tcase")) && kept.length < cases.length, file, "case for wasm");
  return text.slice(0, body) + kept.join("") + text.slice(to);
};

const OVERLAY = {
  "cmd/compile/main.go": [withoutImports("cmd/compile/internal"), withoutEntries],
  "cmd/compile/internal/ssa/config.go": [withoutCases("\n\tswitch arch {\n")],
  "cmd/link/main.go": [withoutImports("cmd/link/internal"), withoutCases("\n\tswitch buildcfg.GOARCH {\n")],
};

/** The tools, by name: the arguments that each is built with. */
const TOOLS = { compile: [], link: [], gofmt: [], vet: [] };

const tools = async (scratch) => {
  const replace = {};
  for (const [file, cuts] of Object.entries(OVERLAY)) {
    const to = join(scratch, file.replaceAll("/", "_"));
    writeFileSync(to, only(file, ...cuts));
    replace[join(source(), file)] = to;
  }
  const overlay = join(scratch, "overlay.json");
  writeFileSync(overlay, JSON.stringify({ Replace: replace }));
  const made = {};
  for (const [name, args] of Object.entries(TOOLS)) {
    const to = join(scratch, `${name}.wasm`);
    // The tag leaves out telemetry; a profile would make more copies of what is inlined.
    const flags = ["-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-pgo=off", "-tags=cmd_go_bootstrap"];
    await go("build", ...flags, `-overlay=${overlay}`, ...args, "-o", to, `cmd/${name}`);
    made[name] = await keep(name, readFileSync(to), "wasm");
  }
  return made;
};

// ---- The standard library. ----

const FIELDS = "ImportPath,Export,Imports,ImportMap,Incomplete";

const packages = async () => {
  // Those that cannot be built for wasip1 are left out.
  const listed = await go("list", "-e", "-export", "-deps", "-trimpath", "-buildvcs=false", `-json=${FIELDS}`, "std");
  const all = JSON.parse(`[${listed.trim().replace(/^\}\n\{$/gm, "},{")}]`);
  const made = {};
  for (const { ImportPath: path, Export: file, Imports: imports = [], ImportMap: map = {}, Incomplete: incomplete } of all) {
    if (incomplete || (!file && path !== "unsafe")) continue;
    const archive = file ? await keep(path.replaceAll("/", "."), readFileSync(file), "a") : {};
    // What a source file calls otherwise: a vendored package by its path.
    made[path] = { ...archive, imports: imports.map((name) => map[name] ?? name).sort() };
    if (Object.keys(map).length) made[path].importMap = map;
  }
  return made;
};

/** The settings of GODEBUG whose default depends on the `go` line of a go.mod: what they were before. */
const godebugs = () => {
  const entries = read("internal/godebugs/table.go").matchAll(/^\t\{Name: "(\w+)",.* Changed: (\d+), Old: "(.*?)"/gm);
  return Object.fromEntries([...entries].map(([, name, changed, old]) => [name, { changed: Number(changed), old }]));
};

// ---- The files. ----

const files = new Set(["index.json", "LICENSE"]);

/** Puts a file there, compressed; what the index says of it. */
const keep = async (name, contents, ending) => {
  const hash = createHash("sha256").update(contents).digest("hex").slice(0, 12);
  const file = `${name}-${hash}.${ending}.gz`;
  const to = join(directory, file);
  files.add(file);
  if (!existsSync(to)) writeFileSync(to, await compress(contents, { level: 9, memLevel: 9 }));
  return { file, size: contents.length, compressed: readFileSync(to).length };
};

/** Go's licence; a Go that was packed without it has the same text beside the packages that it takes from x. */
const license = () => {
  const texts = ["LICENSE", "src/cmd/vendor/golang.org/x/sys/LICENSE"].map((name) => join(root, name));
  const there = texts.find((name) => existsSync(name));
  if (!there) throw new Error(`there is no LICENSE in ${root}: Go's licence must be shipped beside what is made of it; GO_IN_PAGE=0 does without`);
  return readFileSync(there);
};

const scratch = mkdtempSync(join(tmpdir(), "toolchain-"));
try {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "LICENSE"), license());
  const index = { version, godebugs: godebugs(), tools: await tools(scratch), packages: await packages() };
  for (const name of readdirSync(directory)) {
    if (!files.has(name)) rmSync(join(directory, name), { recursive: true });
  }
  writeFileSync(join(directory, "index.json"), JSON.stringify(index));
} finally {
  rmSync(scratch, { recursive: true });
}
