// The last step of a release, which Trunk's post_build hook calls with the directory that it has put
// together: everything is minified, named by what is in it, and compressed, so that hosts may send the
// `.br` and `.gz` beside a file instead of it, and browsers keep what has a hash in its name for good.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { extname, join, relative } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const [directory] = process.argv.slice(2);

/** The service worker, which keeps the page for when there is no network. */
const KEEPER = "sw.js";

/** The files of the directory that end in one of `extensions`, with their paths in it. */
const files = (...extensions) =>
  readdirSync(directory, { recursive: true }).filter((name) => extensions.includes(extname(name)));

/** Trunk's own minifier fails at `export { … as default }`, with which wasm-bindgen's scripts end. */
const minify = () => {
  shorten(files(".js", ".css").filter((name) => name !== KEEPER));
  const page = join(directory, "index.html");
  const text = readFileSync(page, "utf8");
  const keeper = text.replace('src="./start.js"', `$& data-keeper="./${KEEPER}"`);
  if (keeper === text) throw new Error("index.html does not start ./start.js");
  writeFileSync(page, keeper.replace(/<!--.*?-->/gs, "").replace(/\s*\n\s*/g, "\n"));
};

const shorten = (names) =>
  execFileSync("esbuild", [
    ...names.map((name) => join(directory, name)),
    "--minify",
    "--charset=utf8",
    "--legal-comments=none",
    "--log-level=warning",
    "--allow-overwrite",
    `--outbase=${directory}`,
    `--outdir=${directory}`,
  ], { stdio: "inherit" });

/**
 * Trunk's hash is of the file as it was before wasm-opt and the minifier: what these do differently would
 * go by the same name.
 */
const rename = () => {
  const page = join(directory, "index.html");
  let text = readFileSync(page, "utf8");
  for (const name of readdirSync(directory)) {
    const [before, , after] = name.split(/-([0-9a-f]{8,16})(?=[._])/);
    if (after === undefined) continue;
    const contents = readFileSync(join(directory, name));
    const hash = createHash("sha256").update(contents).digest("hex").slice(0, 16);
    const renamed = `${before}-${hash}${after}`;
    renameSync(join(directory, name), join(directory, renamed));
    text = text.replaceAll(name, renamed);
  }
  writeFileSync(page, text);
};

/** Tells the service worker what there is, and a version that is another one when any of it is. */
const list = () => {
  const path = join(directory, KEEPER);
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== KEEPER && !entry.name.endsWith(".d.ts"))
    .map((entry) => relative(directory, join(entry.parentPath ?? entry.path, entry.name)).replaceAll("\\", "/"))
    .sort();
  const hash = createHash("sha256");
  for (const name of entries) hash.update(name).update(readFileSync(join(directory, name)));
  const paths = entries.map((name) => (name === "index.html" ? "" : name));
  const text = readFileSync(path, "utf8")
    .replace('VERSION = ""', `VERSION = "${hash.digest("hex").slice(0, 16)}"`)
    .replace("FILES = []", `FILES = ${JSON.stringify(paths)}`);
  if (!text.includes('VERSION = "') || text.includes("FILES = []")) throw new Error(`${KEEPER} takes no list`);
  writeFileSync(path, text);
  shorten([KEEPER]);
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
    files(".html", ".js", ".css", ".wasm", ".svg", ".go", ".webmanifest").flatMap((name) => {
      const file = join(directory, name);
      const contents = readFileSync(file);
      return Object.entries(ENCODINGS).map(async ([end, encode]) => {
        const encoded = await encode(contents);
        if (encoded.length < contents.length) writeFileSync(`${file}.${end}`, encoded);
      });
    }),
  );

minify();
rename();
list();
await compress();
