// What this device keeps for reading and writing without internet: where it stands, and how it is forgotten.

export const PAGES = "pages-1"; // as in service-worker.js, which fills it
export const DRAFTS = "drafts-1"; // filled by kept-draft.js
const LOOK = "look-1"; // filled by service-worker.js, anew with the next page
export const TEXT_LIVES = 7 * 24 * 3600 * 1000; // of a draft

const TEXT = "draft:"; // begins the key of a text in the storage, see autosave.js

export async function forgetAll() {
  for (const key of keysOfTexts()) localStorage.removeItem(key);
  if ("caches" in window) await Promise.all([PAGES, DRAFTS, LOOK].map((name) => caches.delete(name)));
}

export function forgetOldTexts() {
  for (const key of keysOfTexts()) if (!(Date.now() - writtenAt(key) < TEXT_LIVES)) localStorage.removeItem(key);
}

// The texts of drafts that the site has not got: [{ address, at }].
export function keptTexts() {
  return keysOfTexts().map((key) => ({ address: key.slice(TEXT.length), at: new Date(writtenAt(key)) }));
}

function keysOfTexts() {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(TEXT));
  } catch {
    return []; // a forbidden storage holds nothing
  }
}

function writtenAt(key) {
  try {
    return JSON.parse(localStorage.getItem(key)).at;
  } catch {
    return NaN; // nobody can bring that back: it goes with the old ones
  }
}
