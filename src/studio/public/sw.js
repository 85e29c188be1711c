/**
 * Keeps the whole site, so that it opens without a network after the first visit. The build fills in the files and a version that
 * changes with them. The page itself is asked for first and kept as a fallback; everything else has its content in its name.
 */
const VERSION = '__VERSION__';
const FILES = __FILES__;
const CACHE = `tidegate-studio-${new URL(registration.scope).pathname}-`;

addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE + VERSION).then((cache) => cache.addAll(['./', ...FILES])));
});

addEventListener('activate', (event) => {
  const old = caches
    .keys()
    .then((names) => names.filter((name) => name.startsWith(CACHE) && name !== CACHE + VERSION))
    .then((names) => Promise.all(names.map((name) => caches.delete(name))));
  event.waitUntil(Promise.all([old, clients.claim()]));
});

addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(registration.scope)) return;
  const kept = () => caches.match(request, { ignoreSearch: true, ignoreVary: true });
  event.respondWith(
    request.mode === 'navigate'
      ? fetch(request).catch(async () => (await kept()) ?? Response.error())
      : kept().then((found) => found ?? fetch(request)),
  );
});
