// The page of one's joining while the tally has not sealed it: asks, more and more rarely, and shows the receipt when it is there.
// Without this module a link of the page shows it again.

const FIRST_PAUSE = 700; // milliseconds
const LONGEST_PAUSE = 15_000;
const GIVE_UP_AFTER = 40; // questions, about eight minutes

const waiting = document.querySelector("[data-joining][data-sealed-url]");
if (waiting) wait(waiting, FIRST_PAUSE, 1);

function wait(part, pause, asked) {
  setTimeout(async () => {
    if (!document.hidden && (await isSealed(part.dataset.sealedUrl))) show(part);
    else if (asked < GIVE_UP_AFTER) wait(part, Math.min(pause * 1.3, LONGEST_PAUSE), asked + 1);
  }, pause);
}

async function isSealed(address) {
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" }, redirect: "error" });
    return answer.ok && (await answer.json()).sealed;
  } catch {
    return false; // no network: asked again
  }
}

// Only this part of the page is put in anew: what was told above it, and the reader's place, stay.
async function show(part) {
  const fresh = await freshPart();
  if (!fresh || fresh.dataset.sealedUrl) return; // signed out meanwhile, or the network is gone: the link is there
  const hadFocus = part.contains(document.activeElement);
  part.replaceWith(document.adoptNode(fresh));
  if (hadFocus) fresh.querySelector("#receipt").focus();
  const status = document.querySelector("[data-joining-status]");
  status.textContent = status.dataset.textReady;
}

async function freshPart() {
  try {
    const answer = await fetch(location.href);
    return new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-joining]");
  } catch {
    return null;
  }
}
