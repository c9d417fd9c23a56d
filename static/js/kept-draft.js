// The copy of a draft on this device: its text in the storage, and the page to write it in for service-worker.js.
// The text is kept whenever the server could not take it. The page is kept only if the author says so, on a device of
// their own. sign-out.js forgets all of it.

import { DRAFTS, TEXT_LIVES } from "./kept.js";

// Whether this page itself came from the device.
export function isCopy() {
  return "copy" in document.documentElement.dataset;
}

// `isSaved`: the server has this text as well.
export function keep(key, { entries, version, isSaved }) {
  try {
    localStorage.setItem(key, JSON.stringify({ at: Date.now(), entries, version, isSaved }));
  } catch {
    // A full or forbidden storage: the page itself still holds the text.
  }
}

export function forget(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing was kept.
  }
}

export function kept(key) {
  try {
    const copy = JSON.parse(localStorage.getItem(key));
    return copy && Date.now() - copy.at < TEXT_LIVES ? copy : null;
  } catch {
    return null;
  }
}

// ---- the page

// Lets the author choose; returns how to tell whether they did.
export function choice(form) {
  const part = form.querySelector("[data-keep-draft]");
  const box = part?.querySelector("input");
  if (!box || !("caches" in window) || !navigator.serviceWorker) return () => false;
  part.hidden = false;
  isPageKept().then((is) => {
    box.checked = is;
    if (is && !isCopy()) keepPage();
  });
  box.addEventListener("change", async () => {
    const done = await (box.checked ? keepPage() : forgetPage()).then(() => true, () => false);
    if (!done) box.checked = !box.checked;
    say(part, box.checked);
  });
  return () => box.checked;
}

function say(part, isKept) {
  const status = part.querySelector("[data-keep-draft-status]");
  status.textContent = isKept ? status.dataset.textKept : status.dataset.textForgotten;
}

async function isPageKept() {
  return (await caches.has(DRAFTS)) && Boolean(await (await caches.open(DRAFTS)).match(location.pathname));
}

async function keepPage() {
  const answer = await fetch(location.pathname, { credentials: "same-origin", redirect: "error" });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  const headers = new Headers(answer.headers);
  headers.set("X-Kept-At", new Date().toISOString());
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  const drafts = await caches.open(DRAFTS);
  await drafts.put(location.pathname, new Response(await answer.blob(), { headers }));
}

async function forgetPage() {
  await (await caches.open(DRAFTS)).delete(location.pathname);
}
