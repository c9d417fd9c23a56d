// What this device keeps for reading and writing without internet: where it stands, and how it is forgotten.

export const PAGES = "pages-1"; // as in service-worker.js, which fills it
export const DRAFTS = "drafts-1"; // filled by kept-draft.js
const LOOK = "look-1"; // filled by service-worker.js, anew with the next page
export const TEXT_LIVES = 7 * 24 * 3600 * 1000; // of a draft

export async function forgetAll() {
  forgetTexts(() => true);
  if ("caches" in window) await Promise.all([PAGES, DRAFTS, LOOK].map((name) => caches.delete(name)));
}

export function forgetOldTexts() {
  forgetTexts((key) => !(Date.now() - JSON.parse(localStorage.getItem(key)).at < TEXT_LIVES));
}

function forgetTexts(isToGo) {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith("draft:") && isToGo(key)) localStorage.removeItem(key);
  } catch {
    // A forbidden storage holds nothing.
  }
}
