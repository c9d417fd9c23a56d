// Keeps the number on a petition's page fresh: asks often while it moves and ever less while it rests, never when
// nobody looks. The page is right without this; what is asked for is a few bytes that every cache may answer.
const OFTEN = 5_000;
const SELDOM = 60_000;
const SLOWER = 1.6;
const SAVING = 3; // times as long for those who save data
const SPOKEN_EVERY = 60_000;
const GONE = [401, 403, 404, 410];

for (const root of document.querySelectorAll("[data-live-count]")) watch(root);

function watch(root) {
  const number = root.querySelector(".progress-number");
  const bar = root.querySelector("progress");
  const missing = root.querySelector("[data-missing]");
  const spoken = document.createElement("p");
  spoken.className = "visually-hidden";
  spoken.setAttribute("role", "status");
  root.append(spoken);

  let shown = Number(root.dataset.counted);
  let said = shown;
  let saidAt = Date.now();
  let wait = OFTEN;
  let timer = 0;
  let asked = null;
  let over = false;

  const rest = () => { clearTimeout(timer); asked?.abort(); asked = null; };
  const plan = (within) => {
    clearTimeout(timer);
    if (over || document.hidden || navigator.onLine === false) return;
    const factor = navigator.connection?.saveData ? SAVING : 1;
    timer = setTimeout(ask, within * factor * (0.8 + 0.4 * Math.random())); // readers of one moment do not stay in step
  };

  async function ask() {
    const asking = new AbortController();
    asked = asking;
    const limit = setTimeout(() => asking.abort(), OFTEN * 2);
    try {
      const answer = await fetch(root.dataset.liveCount, {
        credentials: "public" in root.dataset ? "omit" : "same-origin", // without a session the answer is everybody's
        cache: "no-cache",
        signal: asking.signal,
      });
      if (GONE.includes(answer.status)) over = true;
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      wait = show(await answer.json()) ? OFTEN : Math.min(wait * SLOWER, SELDOM);
    } catch {
      if (asked === asking) wait = Math.min(wait * SLOWER * SLOWER, SELDOM);
    } finally {
      clearTimeout(limit);
    }
    if (asked === asking) plan(wait);
  }

  // Whether the number has moved. Another number that is needed means another stage: the words around it are then old.
  function show({ counted, needed }) {
    if (needed !== Number(root.dataset.needed)) { over = true; return false; }
    const moved = counted !== shown;
    if (moved) {
      shown = counted;
      number.textContent = root.dataset.text.replace("{count}", written(counted)).replace("{required}", written(needed));
      bar.value = Math.min(counted, needed);
      bar.textContent = written(counted);
      if (missing) {
        missing.textContent = missing.dataset.missing.replace("{count}", written(needed - counted));
        missing.parentElement.hidden = counted >= needed;
      }
    }
    if (shown !== said && Date.now() - saidAt >= SPOKEN_EVERY) {
      said = shown;
      saidAt = Date.now();
      spoken.textContent = root.dataset.spoken.replace("{count}", written(shown));
    }
    return moved;
  }

  const wake = () => { rest(); wait = OFTEN; plan(OFTEN / 5); };
  document.addEventListener("visibilitychange", () => (document.hidden ? rest() : wake()));
  addEventListener("online", wake);
  addEventListener("offline", rest);
  plan(wait);
}

// Many a browser lacks Kazakh and would part thousands by a comma, its decimal sign; Russian numbers look like Kazakh ones.
function written(count) {
  return count.toLocaleString(document.documentElement.lang.replace("kk", "ru"));
}
