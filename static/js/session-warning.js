// Warns whoever is signed in before the session ends by itself, and lets them stay with one press (WCAG 2.2.1).
// Typing is use of the session: it is told so from time to time. Another window may have made the session longer, so
// the server is asked before anything is said; its answer is no use of the session.

const WARN_BEFORE = 180; // seconds
const TELL_EVERY = 5 * 60; // seconds
const LOOK_AGAIN = 15; // seconds
const CLOCK_EVERY = 30; // seconds; a timer stands still while the computer sleeps, its clock does not

for (const dialog of document.querySelectorAll("[data-session-warning]")) watch(dialog);

function watch(dialog) {
  const stay = dialog.querySelector("[data-session-stay]");
  let longer = "longer" in dialog.dataset;
  // A copy of a draft (service-worker.js) knows of a session that was: the server is asked once it can be reached.
  const isCopy = "copy" in document.documentElement.dataset;
  let endsAt = isCopy ? Infinity : Date.now() + Number(dialog.dataset.seconds) * 1000;
  let told = Date.now();
  let dismissed = false;
  let over = false;
  let timer = 0;

  const left = () => (endsAt - Date.now()) / 1000;
  const plan = () => {
    clearTimeout(timer);
    if (over) return;
    const until = left() > WARN_BEFORE ? Math.min(left() - WARN_BEFORE, CLOCK_EVERY) : Math.min(left(), LOOK_AGAIN);
    timer = setTimeout(tick, Math.max(until, 1) * 1000);
  };
  const tick = () => (left() > WARN_BEFORE ? plan() : look());

  function take(answer) {
    endsAt = Date.now() + answer.seconds * 1000;
    longer = answer.longer;
  }

  async function look() {
    try {
      take(await asked(dialog.dataset.stateUrl));
    } catch {
      // Without a connection the page knows only what it was told.
    }
    if (left() <= 0) return end();
    if (left() > WARN_BEFORE) hide();
    else if (!dismissed) warn();
    plan();
  }

  async function extend() {
    told = Date.now();
    take(await asked(stay.action, { method: "POST", body: new FormData(stay) }));
  }

  // The form of a session that is over is refused like one without a connection: the server tells which it is.
  async function isOver() {
    try {
      take(await asked(dialog.dataset.stateUrl));
    } catch {
      return false;
    }
    return left() <= 0;
  }

  function warn() {
    say(dialog, longer ? "idle" : "longest", endsAt);
    stay.hidden = !longer;
    close(dialog).hidden = longer;
    if (!dialog.open) dialog.showModal();
  }

  function end() {
    over = true;
    clearTimeout(timer);
    const title = dialog.querySelector("[data-session-title]");
    title.textContent = title.dataset.over;
    say(dialog, "over", endsAt);
    stay.hidden = true;
    close(dialog).hidden = false;
    const signIn = dialog.querySelector("[data-session-sign-in]");
    signIn.hidden = false;
    signIn.href = `${signIn.getAttribute("href")}?next=${encodeURIComponent(location.pathname + location.search)}`;
    if (!dialog.open) dialog.showModal();
    title.focus();
  }

  function hide() {
    dismissed = false;
    if (dialog.open) dialog.close();
  }

  stay.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await extend();
    } catch {
      if (!(await isOver())) return say(dialog, "failed", endsAt);
    }
    if (left() <= 0) return end();
    hide();
    plan();
  });
  // Closed by hand, the warning does not come again before the end; what was read is known.
  dialog.addEventListener("close", () => { dismissed = !over && left() <= WARN_BEFORE; });
  addEventListener("input", () => {
    if (over || Date.now() - told < TELL_EVERY * 1000) return;
    extend().then(plan, () => {});
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && left() <= WARN_BEFORE && !over) look(); });
  addEventListener("online", () => { if (!over) look(); });
  tick();
}

async function asked(address, options = {}) {
  const answer = await fetch(address, { headers: { Accept: "application/json" }, redirect: "error", ...options });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.json();
}

function close(dialog) {
  return dialog.querySelector("[data-session-close]");
}

function say(dialog, which, endsAt) {
  const time = new Date(endsAt).toTimeString().slice(0, 5);
  for (const words of dialog.querySelectorAll("[data-session-says]")) {
    words.hidden = words.dataset.sessionSays !== which;
    words.dataset.words ??= words.textContent;
    if (!words.hidden) words.textContent = words.dataset.words.replace("{time}", time);
  }
}
