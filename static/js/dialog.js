// Questions over the page (macros dialog and dialog_link). Without this module their links lead to them as parts of the page.
for (const link of document.querySelectorAll("a[data-dialog]")) {
  const dialog = document.getElementById(link.dataset.dialog);
  if (!(dialog instanceof HTMLDialogElement)) continue;
  link.setAttribute("role", "button");
  link.setAttribute("aria-haspopup", "dialog");
  link.addEventListener("click", (event) => {
    event.preventDefault();
    dialog.showModal(); // the browser keeps the focus inside, and gives it back to the link at the end
  });
  link.addEventListener("keydown", (event) => {
    if (event.key === " ") { event.preventDefault(); link.click(); } // what is called a button answers to the space bar
  });
  for (const close of dialog.querySelectorAll("[data-dialog-close]")) {
    close.setAttribute("role", "button");
    close.addEventListener("click", (event) => {
      event.preventDefault();
      dialog.close();
    });
  }
}
