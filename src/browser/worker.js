// Starts the worker: the program of the page once more, which sees where it runs. The page has
// compiled it already, and says where its script is. A file of its own, and not a blob, so that the
// worker has a policy of its own.
const start = async ({ data: { js, module } }) => {
  try {
    const program = await import(js);
    await program.default({ module_or_path: module });
  } catch (error) {
    reportError(error);
  }
};
addEventListener("message", start, { once: true });
