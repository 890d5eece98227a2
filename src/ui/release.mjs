// Builds a release of the page: `node src/ui/release.mjs PROGRAMS SPLIT DIST [go]`: with `go`, the page offers to
// build Go programs, and there will be a toolchain in DIST/go. It reads index.html and Trunk.toml as
// Trunk does, which builds the page for debugging; and it splits the page's program (src/parts.txt), minifies, names
// files by what is in them, so that browsers keep those for good, and compresses, so that hosts may send the `.br`
// or `.gz` beside a file instead of it.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const [programs, split, dist, go] = process.argv.slice(2);
const run = promisify(execFile);
const directory = `${dist}.new`;
const at = (...names) => join(directory, ...names);
const read = (path) => readFileSync(path, "utf8");

/** The service worker, which keeps the page for when there is no network. */
const KEEPER = "sw.js";
/** Where the files of Go's toolchain are, which the builder keeps itself. */
const GO = "go/";
/** What begins an address in the page's own text. */
const HERE = "./";

// ---- What index.html asks for. ----

const attributes = (text) => Object.fromEntries([...text.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));

/** What takes the place of each of its links for Trunk. */
const kinds = {
  css: ({ href }) => {
    copy(href, basename(href));
    return `<link rel="stylesheet" href="${HERE}${basename(href)}">`;
  },
  "copy-file": ({ href, "data-target-path": folder = "" }) => copy(href, join(folder, basename(href))),
  rust: (link) => {
    const name = link["data-bin"];
    built.push(build(name, link));
    return link["data-type"] === "main" ? started(name) : "";
  },
};
const built = [];

const copy = (from, to) => {
  mkdirSync(dirname(at(to)), { recursive: true });
  cpSync(from, at(to));
  return "";
};

/** The script that starts the page, as Trunk.toml has it, and what the browser may fetch meanwhile. */
const started = (name) => {
  const [, pattern] = read("Trunk.toml").match(/^pattern_script = '(.*)'$/m);
  const [js, wasm] = [`${name}.js`, `${name}_first.wasm`];
  const script = pattern.replaceAll("{base}", HERE).replace("{js}", js).replace("{wasm}", wasm);
  // What it fetches at once is on its way before the script is there.
  return (
    `<link rel="preload" href="${HERE}${wasm}" crossorigin="anonymous" as="fetch" type="application/wasm">` +
    `<link rel="modulepreload" href="${HERE}${js}" crossorigin="anonymous">` +
    script.replace("></script>", ` data-keeper="${HERE}${KEEPER}"${go ? ` data-go="${HERE}${GO}"` : ""}></script>`)
  );
};

const assemble = () => {
  const page = read("index.html");
  const links = /<link\s+data-trunk\s([^>]*?)\/?>/g;
  const text = page.replace(links, (_, text) => {
    const link = attributes(text);
    if (!kinds[link.rel]) throw new Error(`index.html: nothing is known of rel="${link.rel}"`);
    return kinds[link.rel](link);
  });
  writeFileSync(at("index.html"), text.replace(/<!--.*?-->/gs, "").replace(/\s*\n\s*/g, "\n"));
};

/** One of the page's programs, as wasm-bindgen and wasm-opt leave it. */
const build = async (name, link) => {
  await run("wasm-bindgen", [
    "--target=web",
    "--no-typescript",
    `--out-dir=${directory}`,
    `--out-name=${name}`,
    join(programs, `${name}.wasm`),
  ]);
  const wasm = at(`${name}_bg.wasm`);
  const isSplit = link["data-type"] === "main";
  await run("wasm-opt", [
    `-O${link["data-wasm-opt"]}`,
    ...link["data-wasm-opt-params"].split(" "),
    ...(isSplit ? ["--debuginfo"] : []),
    wasm,
    `--output=${wasm}`,
  ]);
  if (isSplit) await part(name, wasm);
};

/** Makes parts of a program; its script learns to load them. */
const part = async (name, wasm) => {
  const { stdout, stderr } = await run(split, [wasm, "src/parts.txt", directory]);
  process.stderr.write(stderr);
  rmSync(wasm);
  const parts = stdout.trim().split("\n").map((part) => {
    renameSync(at(`${part}.wasm`), at(`${name}_${part}.wasm`));
    return `new URL("${name}_${part}.wasm", import.meta.url)`;
  });
  const script = at(`${name}.js`);
  const before = read(script);
  const after = before.replace(/(\.js": import0,)/, "$1 parts: { load },");
  if (after === before) throw new Error("wasm-bindgen's script has no imports in the usual place");
  const loads = read("src/ui/parts.js").replace("ADDRESSES = []", `ADDRESSES = [${parts}]`);
  writeFileSync(script, after + loads);
};

// ---- What becomes of it. ----

/** The files of the directory that end in one of `extensions`, with their paths in it. */
const files = (...extensions) =>
  readdirSync(directory, { recursive: true }).filter((name) => extensions.includes(extname(name)));

const shorten = (names) =>
  run("esbuild", [
    ...names.map((name) => at(name)),
    "--minify",
    "--charset=utf8",
    "--legal-comments=none",
    "--log-level=warning",
    "--allow-overwrite",
    `--outbase=${directory}`,
    `--outdir=${directory}`,
  ]);

/** Names what index.html and the page's scripts refer to by what is in it; what is referred to goes first. */
const rename = () => {
  const hashed = [
    ...readdirSync(directory).filter((name) => /^app_.*\.wasm$/.test(name)),
    "app.js",
    "editor.js",
    "plugboard.css",
  ];
  for (const name of hashed) {
    const hash = createHash("sha256").update(readFileSync(at(name))).digest("hex").slice(0, 16);
    const renamed = name.replace(/(?=[_.])/, `-${hash}`);
    renameSync(at(name), at(renamed));
    for (const file of ["index.html", "app.js", "store.js"]) {
      // The script itself has been renamed before the last of them, which it does not name.
      if (readdirSync(directory).includes(file)) writeFileSync(at(file), read(at(file)).replaceAll(name, renamed));
    }
  }
};

/** Tells the service worker what there is, and a version that is another one when any of it is. */
const list = () => {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== KEEPER)
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(directory.length + 1).replaceAll("\\", "/"))
    .sort();
  const hash = createHash("sha256");
  for (const name of entries) hash.update(name).update(readFileSync(at(name)));
  const paths = entries.map((name) => (name === "index.html" ? "" : name));
  const text = read(at(KEEPER))
    .replace('VERSION = ""', `VERSION = "${hash.digest("hex").slice(0, 16)}"`)
    .replace("FILES = []", `FILES = ${JSON.stringify(paths)}`);
  if (!text.includes('VERSION = "') || text.includes("FILES = []")) throw new Error(`${KEEPER} takes no list`);
  writeFileSync(at(KEEPER), text);
};

const ENCODINGS = {
  br: (contents) =>
    promisify(brotliCompress)(contents, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
        [constants.BROTLI_PARAM_SIZE_HINT]: contents.length,
      },
    }),
  gz: (contents) => promisify(gzip)(contents, { level: constants.Z_BEST_COMPRESSION }),
};

const compress = () =>
  Promise.all(
    files(".html", ".js", ".css", ".wasm", ".svg", ".go", ".mod", ".webmanifest").flatMap((name) => {
      const contents = readFileSync(at(name));
      return Object.entries(ENCODINGS).map(async ([end, encode]) => {
        const encoded = await encode(contents);
        if (encoded.length < contents.length) writeFileSync(at(`${name}.${end}`), encoded);
      });
    }),
  );

rmSync(directory, { recursive: true, force: true });
mkdirSync(directory);
assemble();
await Promise.all(built);
await shorten(files(".js", ".css").filter((name) => name !== KEEPER));
rename();
list();
await shorten([KEEPER]);
await compress();
rmSync(dist, { recursive: true, force: true });
renameSync(directory, dist);
