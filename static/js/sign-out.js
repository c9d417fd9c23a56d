// A shared computer must not keep a text of someone who has left, nor tell what they read: signing out forgets it all.
// Who left without signing out is forgotten when somebody else signs in: each person's pages bear a mark of their own.

import { forgetAll } from "./kept.js";

const PERSON = "person";

for (const form of document.querySelectorAll("form[data-sign-out]")) {
  belongTo(form.dataset.signOut);
  form.addEventListener("submit", () => {
    if (!navigator.onLine) return; // nobody is signed out then
    belongTo(null);
    forgetAll();
  });
}

function belongTo(person) {
  try {
    const before = localStorage.getItem(PERSON);
    if (person && before && before !== person) forgetAll();
    if (person) localStorage.setItem(PERSON, person);
    else localStorage.removeItem(PERSON);
  } catch {
    // Without a storage no drafts are kept either.
  }
}
