// On every page: starts the service worker that keeps opened pages, tells it how the reader wants pages to look, stops
// a form from being sent into the void, and forgets the text of a draft that has lain here for too long.

import { forgetOldTexts } from "./kept.js";

const { copy: isCopy, size, colours, spacing, pictures } = document.documentElement.dataset;

if ("serviceWorker" in navigator) {
  // After the page itself: on a slow line nothing may come before it.
  if (document.readyState === "complete") register();
  else addEventListener("load", register);
}

forgetOldTexts();

async function register() {
  try {
    await navigator.serviceWorker.register("/service-worker.js");
    const { active } = await navigator.serviceWorker.ready;
    if (isCopy) return;
    const scheme = document.querySelector('meta[name="color-scheme"]')?.content;
    const look = JSON.parse(JSON.stringify({ size, colours, spacing, pictures })); // without what was not chosen
    active.postMessage({ look, scheme });
    if (!navigator.serviceWorker.controller) active.postMessage({ opened: location.href });
  } catch {
    // A browser that keeps nothing: the site works without.
  }
}

// A copy was shown because the site kept silent, and now it has answered. A draft that is written in stays as it is.
navigator.serviceWorker?.addEventListener("message", ({ data }) => {
  const part = document.querySelector("[data-copy-notice] [data-arrived]");
  if (!data?.arrived || !part) return;
  const said = document.createElement("p");
  said.textContent = part.dataset.arrived;
  part.before(said);
});

// What was typed stays in the page; a browser's own error page might lose it.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const method = event.submitter?.formMethod || form.method;
  if (navigator.onLine || method !== "post" || event.defaultPrevented) return;
  event.preventDefault();
  form.querySelector("[data-not-sent]")?.remove();
  const words = document.querySelector("template[data-not-sent-words]")?.content.cloneNode(true);
  if (!words) return;
  const place = event.submitter?.closest(".actions") ?? event.submitter ?? form.lastElementChild;
  place.before(words);
});

addEventListener("online", () => {
  for (const notice of document.querySelectorAll("[data-not-sent]")) notice.remove();
});
