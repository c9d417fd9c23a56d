// Copies a link or lines of code, and offers the device's own way of passing a page on. Both are added by this script
// alone: without it the same text stands in its field, to be marked and copied by hand.
const panel = document.querySelector("[data-share]");
if (panel) offer(panel, panel.querySelector("input"));
for (const place of document.querySelectorAll("[data-share-code]")) offer(place, place.querySelector("input, textarea"));

function offer(place, field) {
  const row = document.createElement("p");
  row.className = "share-buttons";
  const spoken = document.createElement("span");
  spoken.setAttribute("role", "status");
  spoken.className = "soft";
  row.append(button(place.dataset.copy, async () => {
    spoken.textContent = "";
    if (await copied(field)) spoken.textContent = place.dataset.copied;
  }));
  if (place.dataset.more && navigator.share) {
    row.append(button(place.dataset.more, () => {
      // Turned away by the reader is no error.
      navigator.share({ title: place.dataset.title, url: place.dataset.share }).catch(() => {});
    }));
  }
  row.append(spoken);
  field.closest(".field").append(row);
}

function button(words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button button-secondary";
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}

// Where the clipboard is closed to pages, the text is marked at least, ready for the keyboard.
async function copied(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.focus();
    field.select();
    return false;
  }
}
