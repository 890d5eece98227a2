// Keeps a release of the page, so that it starts without a network from the second visit on. A version is kept as
// a whole; the next one is fetched beside it, and takes over when somebody says so in the page (`start.js`).
// What release.mjs fills in: the version, and the paths of its files from here.
const VERSION = "";
const FILES = [];

const PREFIX = `plugboard ${registration.scope} `;
const CACHE = PREFIX + VERSION;
// A name with a hash is that of the same file for ever.
const isHashed = (path) => /-[0-9a-f]{16}[._]/.test(path);
// The page itself goes by the name of its directory: hosts redirect from index.html to it.
const pathOf = (url) => {
  const [path] = url.slice(registration.scope.length).split(/[?#]/);
  return path === "index.html" ? "" : path;
};
const address = (path) => new URL(path || "./", registration.scope).href;

// What only who writes Go needs is kept when it is first fetched.
const isLater = (path) => /^(builder|editor)/.test(path);
// The samples are the larger half, and the page starts without them: they may fail.
const keep = async (wanted) => {
  const cache = await caches.open(CACHE);
  const requests = wanted.map(
    (path) => new Request(address(path), { cache: isHashed(path) ? "default" : "no-cache" }),
  );
  await cache.addAll(requests);
};
const install = async () => {
  const isSample = (path) => path.startsWith("samples/");
  await keep(FILES.filter((path) => !isSample(path) && !isLater(path)));
  await keep(FILES.filter(isSample)).catch(() => {});
};

// The version before stays, for other windows that still show it. A build for debugging keeps nothing, and takes
// away what a release has left here.
const activate = async () => {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  const stale = FILES.length ? names.slice(0, -2) : names;
  await Promise.all(stale.map((name) => caches.delete(name)));
  if (!FILES.length) await registration.unregister();
  // What is fetched later on the first visit is kept, too.
  else await clients.claim();
};

const answer = async (request, path) => {
  const options = { ignoreVary: true };
  const cache = await caches.open(CACHE);
  const kept =
    (await cache.match(address(path), options)) ?? (await caches.match(address(path), options));
  if (kept) return kept;
  const fetched = await fetch(request);
  if (isLater(path) && fetched.ok) await cache.put(address(path), fetched.clone()).catch(() => {});
  return fetched;
};

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));
addEventListener("message", ({ data }) => data === "take over" && skipWaiting());
addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(registration.scope)) return;
  const path = pathOf(request.url);
  if (FILES.includes(path) || isHashed(path)) event.respondWith(answer(request, path));
});
