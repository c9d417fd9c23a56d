// The page of what is kept on this device: lists it from the caches that service-worker.js and kept-draft.js fill.

import { DRAFTS, forgetAll, keptTexts, PAGES } from "./kept.js";

const part = document.querySelector("[data-kept]");

if (part && "caches" in window) show();

async function show() {
  const drafts = await rows(DRAFTS);
  const found = [...drafts, ...texts(drafts), ...(await rows(PAGES))];
  part.querySelector("[data-kept-none]").hidden = found.length > 0;
  part.querySelector("[data-kept-some]").hidden = found.length === 0;
  part.querySelector("[data-kept-list]").replaceChildren(...found.map(item));
  part.querySelector("[data-kept-erase]").onclick = erase;
}

async function rows(name) {
  if (!(await caches.has(name))) return [];
  const cache = await caches.open(name);
  const keys = (await cache.keys()).reverse();
  return Promise.all(keys.map(async (key) => {
    const copy = await cache.match(key);
    const page = new DOMParser().parseFromString(await copy.text(), "text/html");
    const title = page.title.split(" · ")[0];
    return { title, lang: page.documentElement.lang, address: key.url, at: new Date(copy.headers.get("X-Kept-At")) };
  }));
}

// Texts that are kept without the page they were written in.
function texts(drafts) {
  const title = part.dataset.keptText;
  return keptTexts()
    .map(({ address, at }) => ({ title, lang: document.documentElement.lang, address: draftOf(address), at }))
    .filter(({ address }) => !drafts.some((row) => new URL(row.address).pathname === address));
}

function draftOf(autosave) {
  return autosave.replace(/\/[a-z-]+$/, "");
}

function item({ title, lang, address, at }) {
  const link = document.createElement("a");
  link.href = address;
  link.lang = lang;
  link.textContent = title;
  const when = document.createElement("span");
  when.className = "soft small";
  when.textContent = ` ${written(at)}`;
  const row = document.createElement("li");
  row.append(link, when);
  return row;
}

function written(moment) {
  const two = (number) => String(number).padStart(2, "0");
  const day = `${two(moment.getDate())}.${two(moment.getMonth() + 1)}.${moment.getFullYear()}`;
  return `${day}, ${two(moment.getHours())}:${two(moment.getMinutes())}`;
}

async function erase() {
  await forgetAll();
  await show();
  const said = part.querySelector("[data-kept-erased]");
  said.textContent = said.dataset.keptErased;
}
