// Keeps the public pages that were opened on this device, and shows them while the site cannot be reached, saying so.
// The server puts `const SITE` above these lines: the files of the frame, the addresses of the offline pages, words.
//
// Kept is only what the server itself calls public: pages that it makes for somebody who is signed in are "no-store".
// Of a petition that they open the page for everybody is kept. A draft is kept by kept-draft.js when its author says so.
// What the site shows nobody any more is forgotten as soon as its address is asked for again.
// Forms that are sent pass this worker by: a request that it sent on would look as if it came from our own site,
// wherever it was made.
//
// A copy looks as its reader wants pages to look now, whatever they had chosen when it was made.

const FRAME = `frame-${SITE.release}`; // the offline pages, anew with every release
const FILES = "files-1";
const PAGES = "pages-1"; // kept-pages.js lists them, kept.js forgets them
const DRAFTS = "drafts-1"; // written by kept-draft.js
const LOOK = "look-1"; // one answer: how the reader has chosen to see the pages
const MOST_PAGES = 60;
const MOST_FILES = 120;
const PAGE_LIVES = 30 * 24 * 3600 * 1000;
const DRAFT_LIVES = 7 * 24 * 3600 * 1000;
const PATIENCE = 8_000; // milliseconds for a line that says nothing, where there is a copy to show
const LANGUAGE = /^\/(kk|ru|en)\//;
const PETITION = /^\/(kk|ru|en)\/petitions\/\d+$/;
const OF_PETITION = /^\/(kk|ru|en)\/petitions\/\d+(?=\/|$)/;
const SHARED = /^(\/(?:kk|ru|en))\/p\//; // the short address of a petition
const DRAFT = /^\/(kk|ru|en)\/drafts\/\d+$/;
const LOOKS = ["size", "colours", "spacing", "pictures"]; // data-... of <html>, as in templates/layout.html
const CHOSEN = /^[a-z0-9]{1,10}$/;
const SCHEME = /^[a-z ]{1,10}$/; // of <meta name="color-scheme">
const BAR = /<nav class="view"[^]*?<\/nav>/; // of the version for low vision, templates/_appearance.html

const ASK = /(<p class="ask-button">\s*)<a\b[^>]*>([^]*?)<\/a>/; // templates/browsing/_ask.html

const SILENT = Symbol("no answer yet");
const unanswered = new Set(); // addresses whose copy was shown because the site said nothing

self.addEventListener("install", (event) => {
  event.waitUntil(fill().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(start());
});

self.addEventListener("message", (event) => {
  if (event.data?.look) event.waitUntil(remember(event.data));
  if (event.data?.opened) event.waitUntil(keepOpened(event.data.opened));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (url.pathname.startsWith("/static/") && url.search) event.respondWith(file(event));
});

async function fill() {
  const files = await caches.open(FILES);
  await Promise.all(SITE.frame.map(async (address) => {
    if (await files.match(address)) return;
    const answer = await fetch(address);
    if (!isOfItsAddress(answer)) throw new Error(`another release answers ${address}`); // tried again later
    await files.put(address, answer);
  }));
  // The offline pages in the languages that were read before: the line may be gone with the next page.
  for (const name of await caches.keys()) {
    if (!name.startsWith("frame-")) continue;
    for (const { url } of await (await caches.open(name)).keys()) await keepOfflinePage(new URL(url).pathname);
  }
}

async function start() {
  const known = [FRAME, FILES, PAGES, DRAFTS, LOOK];
  for (const name of await caches.keys()) if (!known.includes(name)) await caches.delete(name);
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

// ---- pages

async function page(event) {
  const { request } = event;
  const { url } = request;
  const asked = answerOf(event);
  const copy = await copyOf(url);
  try {
    // Who asks again after a copy was shown for want of an answer wants the page itself, however long it takes.
    const answer = await (copy && !unanswered.delete(url) ? Promise.race([asked, silence()]) : asked);
    if (answer === SILENT) return slowly(event, asked, copy);
    event.waitUntil(keep(url, answer.clone()));
    return answer;
  } catch {
    return copy ? shown(copy, url) : nothingKept(url);
  }
}

// The copy, while the answer may still come: then the copy is made anew and its reader is told.
function slowly(event, asked, copy) {
  const { url } = event.request;
  unanswered.add(url);
  const late = asked.then(async (answer) => {
    await keep(url, answer);
    const reader = await self.clients.get(event.resultingClientId);
    reader?.postMessage({ arrived: true });
  });
  event.waitUntil(late.catch(() => {})); // the line is gone after all
  return shown(copy, url, true);
}

// The browser's own request, begun while this worker was still waking up, where it does that.
async function answerOf(event) {
  return (await event.preloadResponse) ?? fetch(event.request);
}

function silence() {
  return new Promise((resolve) => setTimeout(() => resolve(SILENT), PATIENCE));
}

async function keep(address, answer) {
  const { pathname } = new URL(address);
  if (!LANGUAGE.test(pathname)) return; // a badge is no page
  if (isGone(answer)) return forgetGone(pathname, answer);
  if (!isPage(answer)) return;
  await keepOfflinePage(pathname);
  await forgetOld(PAGES, PAGE_LIVES);
  await forgetOld(DRAFTS, DRAFT_LIVES);
  if (isPublic(answer)) return put(address, answer);
  if (!PETITION.test(pathname)) return;
  // On a line that is paid for by the byte only what must perhaps be forgotten is asked for.
  if (!navigator.connection?.saveData || await isKept(pathname)) await keepAsEverybodySeesIt(pathname);
}

// Somebody's own page of a petition, or one whose text nobody may read now: what does a guest see there?
async function keepAsEverybodySeesIt(pathname) {
  const answer = await fetch(pathname, { credentials: "omit" });
  if (isGone(answer) || isNeverKept(answer)) return forget(pathname);
  if (isPage(answer) && isPublic(answer)) return put(pathname, answer);
}

// The first page of all was opened before this worker was there. Asked for as nobody: what one person opened would be
// opened twice, and for some pages that is put on record.
async function keepOpened(address) {
  await keep(address, await fetch(address, { credentials: "omit" }));
}

function isPage(answer) {
  return answer.ok && !answer.redirected && (answer.headers.get("Content-Type") ?? "").startsWith("text/html");
}

function isPublic(answer) {
  return /(^|[ ,])public([ ,]|$)/.test(answer.headers.get("Cache-Control") ?? "");
}

function isGone(answer) {
  return answer.status === 404 || answer.status === 410;
}

function isNeverKept(answer) {
  return isPage(answer) && /\bno-store\b/.test(answer.headers.get("Cache-Control") ?? "");
}

// A page under a petition tells by 410 that the petition itself was taken down.
async function forgetGone(pathname, answer) {
  const place = pathname.replace(SHARED, "$1/petitions/");
  const [petition] = OF_PETITION.exec(place) ?? [];
  await forget(answer.status === 410 && petition ? petition : place);
}

// The copies of this page and of those under it, in every language and with whatever stands behind a "?".
async function forget(pathname) {
  for (const name of [PAGES, DRAFTS]) {
    if (!(await caches.has(name))) continue;
    const kept = await caches.open(name);
    for (const key of await kept.keys()) if (isUnder(new URL(key.url).pathname, pathname)) await kept.delete(key);
  }
}

function isUnder(pathname, above) {
  const [one, other] = [pathname, above].map((each) => each.replace(LANGUAGE, "/"));
  return one === other || one.startsWith(`${other}/`);
}

async function isKept(pathname) {
  const pages = await caches.open(PAGES);
  return (await pages.keys()).some(({ url }) => isUnder(new URL(url).pathname, pathname));
}

async function put(address, answer) {
  const url = new URL(address, location.href);
  if (Object.values(SITE.offline).includes(url.pathname)) return;
  url.hash = "";
  const pages = await caches.open(PAGES);
  await pages.delete(url.href); // so that the newest stands last
  await pages.put(url.href, await dated(answer));
  await shorten(pages, MOST_PAGES);
}

async function dated(answer) {
  const headers = new Headers(answer.headers);
  headers.set("X-Kept-At", new Date().toISOString());
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  return new Response(await answer.blob(), { status: answer.status, headers });
}

async function shorten(cache, most) {
  const keys = (await cache.keys()).filter(({ url }) => !SITE.frame.some((address) => url.endsWith(address)));
  for (const key of keys.slice(0, Math.max(0, keys.length - most))) await cache.delete(key);
}

async function copyOf(address) {
  const url = new URL(address);
  url.hash = "";
  const isDraft = DRAFT.test(url.pathname);
  const cache = await caches.open(isDraft ? DRAFTS : PAGES);
  const copy = await cache.match(isDraft ? url.pathname : url.href);
  if (!copy) return null;
  return isOld(copy, isDraft ? DRAFT_LIVES : PAGE_LIVES) ? null : copy;
}

function isOld(copy, lives) {
  return !(Date.now() - Date.parse(copy?.headers.get("X-Kept-At")) < lives);
}

async function forgetOld(name, lives) {
  if (!(await caches.has(name))) return;
  const cache = await caches.open(name);
  for (const key of await cache.keys()) if (isOld(await cache.match(key), lives)) await cache.delete(key);
}

// ---- what is shown without the site

async function shown(copy, address, isSlow = false) {
  const { pathname } = new URL(address);
  const words = wordsFor(pathname);
  const moment = written(new Date(copy.headers.get("X-Kept-At")));
  const because = isSlow ? words.slow : words.none;
  const [first, second] = DRAFT.test(pathname)
    ? [words.draft, words.sent]
    : [words.copy.replace("{moment}", moment), words.changed];
  const links = [[SITE.offline[languageOf(pathname)], words.kept]];
  if (isSlow) links.unshift([address, words.again]);
  return told(copy, [because, first, second], pathname, links);
}

async function nothingKept(address) {
  const { pathname } = new URL(address);
  const words = wordsFor(pathname);
  const frame = await caches.open(FRAME);
  const page = await frame.match(SITE.offline[languageOf(pathname)]);
  if (page) return told(page, [words.none, words.lost], pathname, [[address, words.again]]);
  return new Response(bare(words, languageOf(pathname)), { headers: { "Content-Type": "text/html; charset=utf-8" } });
}

// The page with a notice at its beginning, as its reader wants pages to look, and marked as a copy for its scripts.
async function told(page, sentences, pathname, links) {
  const words = wordsFor(pathname);
  const notice = `<div class="wrap"><div class="notice notice-warning" role="status" data-copy-notice>
    ${sentences.map((text) => `<p>${escaped(text)}</p>`).join("")}
    <p data-arrived="${escaped(words.arrived)}">${links.map(linked).join(" · ")}</p></div></div>`;
  const look = await lookOfReader();
  const isOrdinary = Object.keys(look.look).length === 0;
  const text = (await page.text())
    .replace(isOrdinary ? BAR : "", "")
    .replace(ASK, (whole, start, name) => start + unavailable(name, words.join))
    .replace(/<html\b[^>]*>/, (html) => inLook(html, look).replace("<html", '<html data-copy="1"'))
    .replace(/(<meta name="color-scheme" content=")[^"]*/, (meta, start) => start + (look.scheme ?? "light dark"))
    .replace(/<main\b[^>]*>/, (main) => `${main}\n${notice}`);
  const headers = new Headers(page.headers);
  headers.delete("Content-Length");
  return new Response(text, { headers });
}

// A link that leads nowhere now, still named, and why.
function unavailable(name, why) {
  return `<a class="button button-primary" role="link" aria-disabled="true" aria-describedby="no-joining">${name}</a>
    <span class="hint" id="no-joining">${escaped(why)}</span>`;
}

function linked([address, text]) {
  return `<a href="${escaped(address)}">${escaped(text)}</a>`;
}

function inLook(html, { look }) {
  const attributes = Object.entries(look).map(([name, value]) => ` data-${name}="${value}"`).join("");
  return html.replace(/ data-(size|colours|spacing|pictures)="[^"]*"/g, "").replace("<html", `<html${attributes}`);
}

async function remember({ look, scheme }) {
  const chosen = Object.entries(look).filter(([name, value]) => LOOKS.includes(name) && CHOSEN.test(value));
  const wanted = { look: Object.fromEntries(chosen), scheme: SCHEME.test(scheme) ? scheme : undefined };
  await (await caches.open(LOOK)).put("/", new Response(JSON.stringify(wanted)));
}

async function lookOfReader() {
  const kept = await (await caches.open(LOOK)).match("/");
  return kept ? kept.json() : { look: {} };
}

function bare({ none, lost }, lang) {
  const text = `${none} ${lost}`;
  return `<!doctype html><html lang="${lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
    <title>${escaped(text)}</title><h1>${escaped(text)}</h1></html>`;
}

async function keepOfflinePage(pathname) {
  const address = SITE.offline[languageOf(pathname)];
  const frame = await caches.open(FRAME);
  if (await frame.match(address)) return;
  const answer = await fetch(address, { credentials: "omit" });
  if (isPage(answer)) await frame.put(address, await dated(answer));
}

function wordsFor(pathname) {
  return SITE.words[languageOf(pathname)];
}

function languageOf(pathname) {
  const first = pathname.split("/")[1];
  return first in SITE.words ? first : "kk";
}

// In figures: many a browser knows no months in Kazakh.
function written(moment) {
  const two = (number) => String(number).padStart(2, "0");
  const day = `${two(moment.getDate())}.${two(moment.getMonth() + 1)}.${moment.getFullYear()}`;
  return `${day}, ${two(moment.getHours())}:${two(moment.getMinutes())}`;
}

function escaped(text) {
  return text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

// ---- style sheets, scripts, letters: their address changes with their content

// While releases change, another one may answer: it sends the file that it has, to be asked for again each time. Kept
// under this address it would be the wrong one for ever.
function isOfItsAddress(answer) {
  return answer.ok && (answer.headers.get("Cache-Control") ?? "").includes("immutable");
}

async function file(event) {
  const files = await caches.open(FILES);
  const kept = await files.match(event.request);
  if (kept) return kept;
  try {
    const answer = await fetch(event.request);
    if (isOfItsAddress(answer)) event.waitUntil(keepFile(files, event.request, answer.clone()));
    return answer;
  } catch (error) {
    const another = await files.match(event.request, { ignoreSearch: true }); // of an older or newer release
    if (another) return another;
    throw error;
  }
}

async function keepFile(files, request, answer) {
  await files.put(request, answer);
  await shorten(files, MOST_FILES);
}
