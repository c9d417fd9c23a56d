// The copy of a draft on this device: its text in the storage, and the page to write it in for service-worker.js.
// The text is kept whenever the server could not take it. The page is kept only if the author says so, on a device of
// their own. sign-out.js forgets all of it.

import { DRAFTS, TEXT_LIVES } from "./kept.js";

// As the site says it of its pages (CONTENT_POLICY of petitions/web.py).
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
  + "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'";
const AS_IT_CAME = `<!doctype html>${document.documentElement.outerHTML}`; // what is typed does not stand in it

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
    answerOffer(form, said(part, box.checked));
  });
  return () => box.checked;
}

function say(part, isKept) {
  part.querySelector("[data-keep-draft-status]").textContent = said(part, isKept);
}

function said(part, isKept) {
  const { textKept, textForgotten } = part.querySelector("[data-keep-draft-status]").dataset;
  return isKept ? textKept : textForgotten;
}

// Beside the word that nothing was saved, wherever on the page the author writes: the same choice, with its warning.
export function offer(form) {
  const part = form.querySelector("[data-keep-draft]:not([hidden])");
  const box = part?.querySelector("input");
  if (!box || box.checked || form.querySelector("[data-keep-offer]")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button-quiet";
  button.textContent = part.querySelector("label").textContent;
  button.addEventListener("click", () => box.click());
  const hint = part.querySelector(".hint").cloneNode(true);
  hint.removeAttribute("id");
  const offered = document.createElement("div");
  offered.dataset.keepOffer = "";
  offered.append(button, hint);
  form.querySelector("[data-autosave-status]").after(offered);
}

function answerOffer(form, told) {
  const offered = form.querySelector("[data-keep-offer]");
  if (!offered) return;
  const answer = document.createElement("p");
  answer.textContent = told;
  const isHere = offered.contains(document.activeElement);
  offered.replaceChildren(answer);
  if (isHere) stand(answer);
}

// What is saved needs no keeping.
export function takeOfferBack(form) {
  const offered = form.querySelector("[data-keep-offer]");
  if (!offered) return;
  const isHere = offered.contains(document.activeElement);
  offered.remove();
  if (isHere) stand(form.querySelector("[data-autosave-status]"));
}

// Whoever stood on what went stands on what came in its place.
function stand(part) {
  part.tabIndex = -1;
  part.focus({ preventScroll: true });
}

async function isPageKept() {
  return (await caches.has(DRAFTS)) && Boolean(await (await caches.open(DRAFTS)).match(location.pathname));
}

async function keepPage() {
  const answer = await pageOfNow();
  const headers = new Headers(answer.headers);
  headers.set("X-Kept-At", new Date().toISOString());
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  const drafts = await caches.open(DRAFTS);
  await drafts.put(location.pathname, new Response(await answer.blob(), { headers }));
}

// From the site; where it cannot be reached, the page as it came: the text is put into it anyway.
async function pageOfNow() {
  const answer = await fetch(location.pathname, { credentials: "same-origin", redirect: "manual" }).catch(() => null);
  if (answer?.ok) return answer;
  if (answer && answer.status < 500) throw new Error(`status ${answer.status}`); // signed out, or no draft any more
  const headers = { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": POLICY };
  return new Response(AS_IT_CAME, { headers });
}

async function forgetPage() {
  await (await caches.open(DRAFTS)).delete(location.pathname);
}
