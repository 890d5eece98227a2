// Builds Go programs with Go's own compiler and linker, which run as guests: `build`.

import { GoBuilder } from "./plugboard.js";

/** By address: a builder, which keeps its tools, and what it is busy with. */
const builders = new Map();

export async function build(files, options = {}) {
  const { toolchain, signal } = options;
  if (toolchain === undefined) throw new Error("build: options.toolchain says where the toolchain's files are (make toolchain)");
  signal?.throwIfAborted();
  const address = String(toolchain);
  if (!builders.has(address)) builders.set(address, { builder: undefined, busy: Promise.resolve() });
  const place = builders.get(address);
  // One at a time: they share tools.
  const result = place.busy.then(() => {
    signal?.throwIfAborted();
    place.builder ??= new GoBuilder();
    return drive(place.builder, files, options, reader(toolchain));
  });
  place.busy = result.catch(() => {});
  return result;
}

async function drive(builder, files, { onDiagnostic, onStep, signal }, read) {
  const result = { module: undefined, kind: undefined, version: undefined, diagnostics: [] };
  let wake = () => {};
  const stop = () => {
    builder.stop();
    wake();
  };
  const fetch = (name) =>
    read(name)
      .then((bytes) => builder.give(name, bytes))
      .catch((error) => builder.fail(name, error.message))
      .then(() => wake());
  const hear = (report) => {
    result.version ??= report.toolchain;
    if (report.step) onStep?.(report);
    for (const found of report.diagnostics ?? []) {
      result.diagnostics.push(found);
      onDiagnostic?.(found);
    }
    if (report.failed) throw new Error(`build: ${report.failed}`);
    if (report.built) Object.assign(result, report.built);
  };
  builder.begin(Object.entries(files).flat());
  signal?.addEventListener("abort", stop);
  try {
    for (;;) {
      const left = builder.slice();
      builder.wanted().forEach(fetch);
      // What was stopped is told before it is thrown away.
      signal?.throwIfAborted();
      builder.reports().forEach(hear);
      if (left < 0) return result;
      await new Promise((resolve) => {
        wake = resolve;
        if (left === 0) turn(resolve);
        else if (left !== Infinity) setTimeout(resolve, left);
      });
    }
  } catch (error) {
    builder.stop();
    builder.reports();
    throw error;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

/** Lets the event loop turn; a timer would wait for 4 ms in browsers. */
function turn(resolve) {
  if (globalThis.setImmediate) return setImmediate(resolve);
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    resolve();
  };
  port2.postMessage(null);
}

/** What reads a file of the toolchain: in Node from a folder, else from an address. */
function reader(toolchain) {
  const text = String(toolchain);
  const isFolder = !/^[a-z][a-z0-9+.-]+:/i.test(text);
  if (globalThis.process?.versions?.node && (isFolder || text.startsWith("file:"))) {
    return async (name) => {
      const [{ readFile }, { join }, { fileURLToPath }] = await Promise.all(["fs/promises", "path", "url"].map(node));
      return readFile(join(isFolder ? text : fileURLToPath(text), name));
    };
  }
  const base = new URL(text.endsWith("/") ? text : `${text}/`, globalThis.document?.baseURI ?? globalThis.location?.href);
  return async (name) => {
    const response = await fetch(new URL(name, base));
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
    return new Uint8Array(await response.arrayBuffer());
  };
}

// The name is not written out so that bundlers do not look for it.
const node = (name) => import(/* @vite-ignore */ /* webpackIgnore: true */ `node:${name}`);
