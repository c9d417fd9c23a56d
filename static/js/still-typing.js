// Whoever types is using the site: while a long form is filled in, the session is told so, and is not ended as idle.
// A form names by data-still-typing an address that may be asked; without this module the idle limit is as everywhere.

const EVERY_MS = 5 * 60 * 1000;

for (const form of document.querySelectorAll("form[data-still-typing]")) {
  let told = Date.now();
  form.addEventListener("input", () => {
    if (Date.now() - told < EVERY_MS) return;
    told = Date.now();
    fetch(form.dataset.stillTyping, { method: "HEAD", redirect: "manual" }).catch(() => {});
  });
}
