// Starts the page: the theme before the first paint, then the app, or a message where it cannot run.
// A file of its own, since the page's policy forbids scripts in its text; Trunk.toml names the app.
(() => {
  const { js, wasm } = document.currentScript.dataset;

  try {
    const theme = localStorage.getItem("plugboard.theme");
    if (theme) document.documentElement.dataset.theme = theme;
  } catch {
    // Storage is forbidden here: the system's theme it is.
  }

  // The least module that needs tail calls: a function that returns a call of itself.
  const tailCall = [
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10, 6, 1, 4, 0, 0x12, 0, 0x0b,
  ];
  const runs =
    typeof WebAssembly === "object" && WebAssembly.validate(Uint8Array.from(tailCall));

  // Once the app is there, the place for messages is not.
  const say = (message) => {
    const place = document.getElementById("start");
    if (place) place.textContent = message;
  };

  const start = async () => {
    if (!runs) {
      say(
        "Plugboard cannot run here: this browser does not have WebAssembly tail calls. " +
          "Use Chrome or Edge 112, Firefox 121, Safari 18.2, or a later version.",
      );
      return;
    }
    // A fast start shows nothing; a slow one says what it is waiting for.
    const slow = setTimeout(() => say("Loading Plugboard…"), 400);
    try {
      const [app] = await Promise.all([
        import(new URL(js, document.baseURI)),
        import(new URL("store.js", document.baseURI)),
      ]);
      await app.default({ module_or_path: new URL(wasm, document.baseURI) });
    } catch (error) {
      clearTimeout(slow);
      say(`Plugboard could not be loaded: ${error.message} Reload the page to try again.`);
    }
  };
  document.addEventListener("DOMContentLoaded", start);
})();
