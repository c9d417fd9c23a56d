// The page of a text that waits for its signature from a phone: asks how far it is, more and more rarely, and goes on
// when it is over. Without this module a link of the page does the same.

const FIRST_PAUSE = 2_000; // milliseconds
const LONGEST_PAUSE = 10_000;
const GIVE_UP_AFTER = 20 * 60_000; // a request lives 15 minutes; then the page of it says so

for (const part of document.querySelectorAll("[data-signing]")) watch(part);

function watch(part) {
  const began = Date.now();
  let pause = FIRST_PAUSE;
  let timer = null;

  const ask = async () => {
    clearTimeout(timer);
    if (!document.hidden && (await isOver(part))) return;
    pause = Math.min(pause * 1.3, LONGEST_PAUSE);
    if (Date.now() - began < GIVE_UP_AFTER) timer = setTimeout(ask, pause);
  };

  timer = setTimeout(ask, pause);
  // Back from the app: the answer is wanted now.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    pause = FIRST_PAUSE;
    ask();
  });
}

// Says what is going on; when it is over, goes to the page that shows what came of it.
async function isOver(part) {
  let told;
  try {
    const answer = await fetch(part.dataset.stateUrl, { headers: { Accept: "application/json" }, redirect: "error" });
    if (!answer.ok) return answer.status === 404; // forgotten: nothing more will be told
    told = await answer.json();
  } catch {
    return false; // no network: asked again
  }
  const status = part.querySelector("[data-signing-status]");
  if (status.textContent !== told.text) status.textContent = told.text;
  const isToLeave = told.over && !isBusy();
  if (isToLeave) location.assign(part.dataset.statusUrl);
  return isToLeave;
}

// A signature that NCALayer is asked for at this moment must not be lost with the page.
function isBusy() {
  return ["connecting", "waiting", "slow", "signed"].some((said) => document.querySelector(`form[data-said="${said}"]`));
}
