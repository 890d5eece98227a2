// What outlives the page, in IndexedDB: what each plugin is (`recent`), and its parts (module, files, what was
// typed). The page finds it as `plugboard`; the workers do not.
const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const open = async () => {
  const request = indexedDB.open("plugboard", 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("recent");
    request.result.createObjectStore("parts");
  };
  const database = await done(request);
  // A later version of the page, in another tab, is not held up.
  database.onversionchange = () => database.close();
  return database;
};

/** Whether a fragment is one that opens something, and not a place on the page. */
const opens = (fragment) => /^(s|sample|url)=/.test(fragment);

// What is on the board comes back, and the link is opened.
addEventListener("hashchange", () => opens(location.hash.slice(1)) && location.reload());

let opened;
const stores = async (mode) => {
  const database = await (opened ??= open());
  const transaction = database.transaction(["recent", "parts"], mode);
  const [recent, parts] = ["recent", "parts"].map((name) => transaction.objectStore(name));
  const end = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
  return { recent, parts, end };
};

const entries = (store, range) =>
  Promise.all([done(store.getAllKeys(range)), done(store.getAll(range))]);

const of = (id) => IDBKeyRange.bound([id], [id, []]);

globalThis.plugboard = {
  /** The plugins that are kept: `[id, about]` each. */
  async list() {
    const { recent } = await stores("readonly");
    const [ids, about] = await entries(recent);
    return ids.map((id, place) => [id, about[place]]);
  },

  /** The parts of a plugin: `[part, value]` each. */
  async read(id) {
    const { parts } = await stores("readonly");
    const [keys, values] = await entries(parts, of(id));
    return keys.map(([, part], place) => [part, values[place]]);
  },

  /** Keeps some parts of a plugin; one that is undefined is not kept any more. */
  async write(id, about, changed) {
    const { recent, parts, end } = await stores("readwrite");
    recent.put(about, id);
    for (const [part, value] of changed) {
      try {
        if (value === undefined) parts.delete([id, part]);
        else parts.put(value, [id, part]);
      } catch (error) {
        // Not every browser keeps the handle of a file: it is not watched again, and all else is kept.
        if (error.name !== "DataCloneError") throw error;
      }
    }
    await end;
  },

  async remove(id) {
    const { recent, parts, end } = await stores("readwrite");
    recent.delete(id);
    parts.delete(of(id));
    await end;
  },

  /** A file as it is now, whatever becomes of it on the disk, and its SHA-256, where browsers compute it. */
  async snapshot(file) {
    // By stream, so that the page does not stand still while a large one is copied.
    const copied = new Response(file.stream()).blob();
    const bytes = await file.arrayBuffer();
    const hash = await globalThis.crypto?.subtle?.digest("SHA-256", bytes);
    const digits = hash && Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0"));
    return [await copied, digits?.join("")];
  },

  /** Calls a function of the editor, which is a program of its own (`editor/editor.js`). */
  async editor(name, ...told) {
    return (await import("./editor.js"))[name](...told);
  },

  /** Text or a file, compressed, as base64. */
  async pack(value) {
    const stream = new Blob([value]).stream().pipeThrough(new CompressionStream("deflate-raw"));
    const packed = await new Response(stream).blob();
    const reader = new FileReader();
    const read = new Promise((resolve, reject) => {
      reader.onload = resolve;
      reader.onerror = () => reject(reader.error);
    });
    reader.readAsDataURL(packed);
    await read;
    return reader.result.slice(reader.result.indexOf(",") + 1);
  },

  /** What was packed. More than `most` bytes are refused before they are there. */
  async unpack(text, most) {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    const chunks = [];
    let size = 0;
    for (let reader = stream.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) return new Blob(chunks);
      size += value.length;
      if (size > most) throw new RangeError(`there are more than ${most} bytes in it`);
      chunks.push(value);
    }
  },

  /** What stands behind the `#` of the page's address, which is not there any more then. */
  link() {
    const link = location.hash.slice(1);
    if (opens(link)) history.replaceState(null, "", location.pathname + location.search);
    return opens(link) ? link : "";
  },

  /** Whether leaving the page asks first. */
  holds(on) {
    globalThis.onbeforeunload = on ? (event) => event.preventDefault() : null;
  },
};
