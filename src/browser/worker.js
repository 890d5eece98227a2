// Starts a worker: its program's script, and the program itself, which the page has compiled already,
// or which is fetched meanwhile. A file of its own, and not a blob, so that the worker has a policy of
// its own.
const start = async ({ data: { js, wasm } }) => {
  try {
    const program = typeof wasm === "string" ? fetch(wasm) : wasm;
    const { default: run } = await import(js);
    await run({ module_or_path: program });
  } catch (error) {
    reportError(error);
  }
};
addEventListener("message", start, { once: true });
