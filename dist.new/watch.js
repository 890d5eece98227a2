// A worker of its own, fetched when there is something to watch: looks at files and addresses again and
// again, for hooks/watch.rs, and copies them. It decides nothing: what a look means is state/watch.rs.
// It is no part of the page, so that the page's policy need not let it connect to everywhere.

// Milliseconds between two looks; what fails is asked for less and less often.
const FILE = 500;
const ADDRESS = 2000;
const SELDOM = 60_000;
// For so many looks it goes on out of sight, when the system has said that something changed.
const UNSEEN = 8;
// A directory is listed every so many looks.
const LISTED = 4;
const MAX_SOURCE = 4e6;
const MAX_MODULE = 2 ** 30;

let target;
let visible = true;

const clock = (millis) => new Date(millis).toTimeString().slice(0, 8);
const ends = (name, end) => name.toLowerCase().endsWith(end);
const stampOf = (file) => `${file.lastModified}/${file.size}`;
const say = (from, ...said) => from === target && postMessage([from.id, ...said]);

// ---- Files. ----

const isAllowed = async (handle) => {
  const permission = await handle.queryPermission?.({ mode: "read" });
  return (permission ?? "granted") === "granted";
};

const listed = async (directory) => {
  const found = [];
  for await (const handle of directory.values()) found.push(handle);
  return found;
};

const isFile = (end) => (handle) => handle.kind === "file" && ends(handle.name, end);

// The module of the name, or else the newest in the directory, or else in one within it.
const search = async (directory, wanted) => {
  const all = await listed(directory);
  const modules = all.filter(isFile(".wasm"));
  for (const handle of modules.length > 0 ? [] : all) {
    const isHidden = handle.name.startsWith(".");
    if (handle.kind === "directory" && !isHidden) modules.push(...(await listed(handle)).filter(isFile(".wasm")));
  }
  const age = async (handle) => (handle.name === wanted ? Infinity : (await handle.getFile()).lastModified);
  const dated = await Promise.all(modules.map(async (handle) => [await age(handle), handle]));
  return dated.sort(([one], [other]) => other - one)[0]?.[1];
};

// Tells of the Go files that have changed, and of those that are gone.
const lookAtSource = async (from) => {
  const files = new Map(from.source);
  if (from.directory && from.looks++ % LISTED === 0) {
    from.listed = (await listed(from.directory)).filter(isFile(".go"));
  }
  for (const handle of from.listed) if (!files.has(handle.name)) files.set(handle.name, { handle });
  const changed = [];
  for (const [name, file] of files) {
    const found = await file.handle.getFile().catch(() => undefined);
    const stamp = found && stampOf(found);
    if (!found) {
      // It may be written anew this very moment.
      file.lost = (file.lost ?? 0) + 1;
      if (file.lost === 3) {
        changed.push(name, null);
        from.source.delete(name);
        from.listed = from.listed.filter((handle) => handle.name !== name);
      }
    } else if (stamp !== file.stamp && found.size > 0 && found.size <= MAX_SOURCE) {
      const isKnown = from.knowsSource && file.stamp === undefined;
      const text = isKnown ? "" : await found.text().catch(() => undefined);
      if (text === undefined) continue;
      if (!isKnown) changed.push(name, text);
      from.source.set(name, { handle: file.handle, stamp });
    }
  }
  from.knowsSource = false;
  if (changed.length) say(from, "source", ...changed);
};

const lookAtFile = async (from) => {
  for (const handle of from.handles) if (!(await isAllowed(handle))) return ["forbidden"];
  if (from.isLoaded) await lookAtSource(from);
  from.file ??= await search(from.directory, from.name);
  if (!from.file) return ["gone"];
  const file = await from.file.getFile();
  return ["there", stampOf(file), file.size, clock(file.lastModified)];
};

// Whether the last section goes on beyond the end.
const isCut = (bytes) => {
  if (bytes.length < 8) return true;
  let at = 8;
  while (at < bytes.length) {
    let size = 0;
    let shift = 0;
    at += 1;
    do {
      if (at >= bytes.length) return true;
      size += (bytes[at] & 0x7f) * 2 ** shift;
      shift += 7;
    } while (bytes[at++] & 0x80 && shift < 35);
    at += size;
  }
  return at > bytes.length;
};

const isModule = (bytes) => [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0].every((byte, at) => bytes[at] === byte || at >= bytes.length);

const copied = (from, name, stamp, millis, parts, size, cut) =>
  say(from, "copied", name, stamp, size, clock(millis), cut, new Blob(parts));

const copyFile = async (from) => {
  from.file ??= await search(from.directory, from.name);
  const file = await from.file.getFile();
  // All of it: what stays a file cannot be read any more once that has changed.
  const bytes = new Uint8Array(await file.arrayBuffer());
  const cut = isModule(bytes) && isCut(bytes);
  copied(from, from.file.name, stampOf(file), file.lastModified, [bytes], bytes.length, cut);
  // Source is of a module: there has to be one first.
  from.isLoaded = true;
  await lookAtSource(from);
};

// ---- Addresses. ----

// What of it says that it has changed; `null`: nothing.
const stampIn = ({ headers }) => {
  const [etag, modified, length] = ["etag", "last-modified", "content-length"].map((name) => headers.get(name));
  return etag ?? (modified && `${modified}/${length}`);
};

const request = (from, method, cache) =>
  fetch(from.url, {
    method,
    cache,
    credentials: "omit",
    referrerPolicy: "no-referrer",
    signal: from.abort.signal,
  });

// The head of the answer. Some servers refuse what is not GET.
const ask = async (from) => {
  if (!from.get) {
    const answer = await request(from, "HEAD", "no-store");
    if (answer.ok) return answer;
  }
  const answer = await request(from, "GET", "no-cache");
  from.get = answer.ok;
  answer.body?.cancel();
  return answer;
};

const isNear = (host) => /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(host);

// Why it cannot be had, and what to do about it.
const why = async (from, error, answer) => {
  const { url } = from;
  if (answer) {
    const said = `the server answers ${answer.status} ${answer.statusText}`.trim();
    switch (answer.status) {
      case 404:
      case 410:
        return `${said}: there is no such file. Look at the address, or whether the build has put it there.`;
      case 401:
      case 403:
      case 407:
        return `${said}: it wants a login, and Plugboard sends none. Download the file and drop it here.`;
      default:
        return answer.status < 500 ? `${said}.` : `${said}: it has failed. Try again later.`;
    }
  }
  if (error.message === "web page") {
    return "this address is that of a web page, not of a module: use that of the file itself (Raw or Download).";
  }
  if (error.message === "too large") return "it is larger than 1 GiB, which no module is.";
  if (location.protocol === "https:" && url.protocol === "http:" && !isNear(url.hostname)) {
    return "browsers do not let a page that came over https fetch over http (mixed content): use an https address, or localhost.";
  }
  if (url.origin !== location.origin) {
    // Whether it is there can be found out; what it says cannot.
    const init = { mode: "no-cors", credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store", signal: from.abort.signal };
    const isThere = await fetch(url, { ...init, method: "HEAD" }).then(() => true, () => false);
    if (isThere) {
      return (
        `${url.host} answers, but does not allow pages from elsewhere to read it (CORS): it has to send ` +
        `Access-Control-Allow-Origin: ${location.origin}, or *. Or download the file and drop it here.`
      );
    }
  }
  return `${url.host} does not answer: look at the address, at whether its server runs, and at your network.`;
};

const lookAtAddress = async (from) => {
  try {
    const answer = await ask(from);
    const stamp = answer.ok && stampIn(answer);
    if (answer.ok && !stamp) return ["mute"];
    if (answer.ok) {
      const [modified, length] = ["last-modified", "content-length"].map((name) => answer.headers.get(name));
      const size = answer.headers.has("content-encoding") || !length ? null : Number(length);
      return ["there", stamp, size, clock(Date.parse(modified) || Date.now())];
    }
    if (answer.status === 404) return ["gone"];
    return ["failed", await why(from, null, answer)];
  } catch (error) {
    return ["failed", await why(from, error)];
  }
};

const nameIn = ({ pathname }) => {
  const last = pathname.split("/").filter(Boolean).pop() ?? "plugin.wasm";
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
};

const copyAddress = async (from) => {
  let refused;
  try {
    // Its stamp first: what is written in between is another one at the next look.
    const head = await ask(from);
    const answer = head.ok ? await request(from, "GET", "no-cache") : head;
    if (!answer.ok) {
      refused = answer;
      throw new Error("refused");
    }
    const { headers, body } = answer;
    // A length of what was compressed is none.
    const length = headers.has("content-encoding") ? 0 : Number(headers.get("content-length"));
    const parts = [];
    let size = 0;
    let told = 0;
    const reader = body.getReader();
    for (let part; !(part = await reader.read()).done; ) {
      parts.push(part.value);
      size += part.value.length;
      if (size > MAX_MODULE) throw new Error("too large");
      if (performance.now() - told > 100) {
        told = performance.now();
        say(from, "progress", size, size > length ? 0 : length);
      }
    }
    const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
    if (!isModule(bytes) && /^text\/html/.test(headers.get("content-type") ?? "")) throw new Error("web page");
    const modified = Date.parse(headers.get("last-modified")) || Date.now();
    const cut = isModule(bytes) && isCut(bytes);
    copied(from, nameIn(from.url), stampIn(head) ?? "", modified, [bytes], size, cut);
  } catch (error) {
    say(from, "lost", await why(from, error, refused));
  }
};

// ---- What both have in common. ----

const look = async (from) => {
  try {
    return await (from.url ? lookAtAddress(from) : lookAtFile(from));
  } catch (error) {
    // One that is found again by its name may have moved.
    if (from.directory) from.file = undefined;
    if (error.name === "NotFoundError") return ["gone"];
    return error.name === "NotAllowedError" ? ["forbidden"] : ["failed", error.message];
  }
};

const copy = async (from) => {
  try {
    await (from.url ? copyAddress(from) : copyFile(from));
  } catch {
    // It is being written: the next look sees that.
    say(from, "missed");
  }
};

// Until the next look is due: not while the page is out of sight.
const pause = (from) =>
  new Promise((resolve) => {
    from.wake = resolve;
    from.plan = () => {
      clearTimeout(from.timer);
      if (from.on && (visible || from.unseen-- > 0)) from.timer = setTimeout(resolve, from.pause);
    };
    from.plan();
  });

const follow = async (from) => {
  const usual = from.url ? ADDRESS : FILE;
  if (from.isNew) await copy(from);
  while (from === target) {
    if (from.on) {
      const saw = await look(from);
      if (saw[0] === "mute") from.on = false;
      from.pause = saw[0] === "failed" ? Math.min(from.pause * 2, SELDOM) : usual;
      say(from, ...saw);
    }
    await pause(from);
  }
};

// Where the browser can say that something has changed, it need not be seen.
const observe = async (from) => {
  if (typeof FileSystemObserver !== "function") return;
  const observer = new FileSystemObserver(() => {
    from.unseen = UNSEEN;
    // Two looks that find the same say something only if there is a while between them.
    from.nudge ??= setTimeout(() => {
      from.nudge = undefined;
      from.wake?.();
    }, FILE / 2);
  });
  from.end = () => observer.disconnect();
  for (const handle of from.handles) await observer.observe(handle).catch(() => {});
};

const deeds = {
  // [handles, address, name, whether the Go files are known, stamp]: of these, from now on; nothing else any more.
  // With a stamp, what had it is on the board.
  follow(id, found) {
    target?.abort.abort();
    target?.end?.();
    clearTimeout(target?.timer);
    target?.wake?.();
    target = undefined;
    if (!found) return;
    const [handles, address, name, knowsSource, stamp] = found;
    const files = handles.filter(({ kind }) => kind === "file");
    target = {
      id,
      handles,
      name,
      on: true,
      pause: address ? ADDRESS : FILE,
      unseen: 0,
      looks: 0,
      url: address && new URL(address),
      abort: new AbortController(),
      file: files.find((handle) => handle.name === name),
      directory: handles.find(({ kind }) => kind === "directory"),
      listed: files.filter(isFile(".go")),
      source: new Map(),
      knowsSource,
      isLoaded: knowsSource || stamp !== undefined,
      isNew: address && stamp === undefined,
    };
    if (!address) observe(target);
    follow(target);
  },
  watch(on) {
    if (!target) return;
    target.on = on;
    target.wake?.();
  },
  look() {
    target?.wake?.();
  },
  read() {
    if (target) copy(target);
  },
  visible(is) {
    visible = is;
    if (is) target?.wake?.();
  },
};

onmessage = ({ data: [deed, ...rest] }) => deeds[deed](...rest);
