// Says how many characters are left. Near the limit and past it the text is also announced, at rest and not at every key.
const NEAR = 0.9;

for (const note of document.querySelectorAll("[data-count]")) {
  const control = document.getElementById(note.dataset.count);
  if (control) watch(control, note);
}

function watch(control, note) {
  const limit = Number(control.dataset.limit);
  const spoken = document.createElement("p");
  spoken.className = "visually-hidden";
  spoken.setAttribute("role", "status");
  note.after(spoken);

  let timer = 0;
  const tell = () => {
    // Code points, as Python counts them; a line end is one.
    const left = limit - [...control.value].length;
    const text = left < 0 ? note.dataset.textOver : note.dataset.textLeft;
    // Many a browser lacks Kazakh and would part thousands by a comma; Russian numbers look like Kazakh ones.
    const language = document.documentElement.lang.replace("kk", "ru");
    note.textContent = text.replace("{count}", Math.abs(left).toLocaleString(language));
    note.classList.toggle("error", left < 0);
    clearTimeout(timer);
    timer = setTimeout(() => { spoken.textContent = left < limit * (1 - NEAR) ? note.textContent : ""; }, 1000);
  };
  control.addEventListener("input", tell);
  tell();
}
