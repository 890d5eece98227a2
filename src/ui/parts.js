// The end of the page's script, in a release: it loads the parts of the program that are not there from the start
// (src/split). release.mjs fills in where they are; a part goes by its number.
const ADDRESSES = [];

const programs = [];

/** Fetches a part, so that it is at hand when it is needed. */
export const fetchPart = async (part) => {
  const address = ADDRESSES[part];
  const streamed = WebAssembly.compileStreaming(fetch(address));
  // A host may send it as something else than application/wasm.
  programs[part] ??= await streamed.catch(async () => {
    const response = await fetch(address);
    return WebAssembly.compile(await response.arrayBuffer());
  });
};

// What calls a part cannot wait: so what is not at hand is fetched as of old, while the page stands still.
const fetchNow = (part) => {
  const request = new XMLHttpRequest();
  request.open("GET", ADDRESSES[part], false);
  request.overrideMimeType("text/plain; charset=x-user-defined");
  request.send();
  if (request.status !== 200) throw new Error(`${ADDRESSES[part]}: status ${request.status}`);
  return new WebAssembly.Module(Uint8Array.from(request.response, (letter) => letter.charCodeAt(0)));
};

/** What the stub of a function calls: once it returns, the part has put its functions into the table. */
const load = (part) => {
  try {
    const program = programs[part] ?? fetchNow(part);
    const shared = { get: (_, name) => wasm[name] ?? wasm.parts.get(Number(name)) };
    new WebAssembly.Instance(program, { parts: new Proxy({}, shared) });
    wasm[`has${part}`].value = 1;
  } catch (error) {
    globalThis.dispatchEvent(new CustomEvent("part-missing"));
    throw new Error(`A part of Plugboard could not be loaded: ${error.message}`);
  }
};
