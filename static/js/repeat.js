// Adds and removes rows of a FieldList in place. Without this module the same buttons submit the form and the server does it.
// Rows keep the numbers they got: the server reads the numbers in order and does not mind a gap.

for (const group of document.querySelectorAll("[data-repeat]")) {
  group.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button || !group.contains(button)) return;
    if (button.name === "add" && rows(group).length > 0) {
      event.preventDefault();
      add(group);
    } else if (button.name === "remove" && rows(group).length > 1) {
      event.preventDefault();
      remove(group, button.closest("[data-repeat-row]"));
    }
  });
}

function rows(group) {
  return [...group.querySelectorAll("[data-repeat-row]")];
}

function add(group) {
  const present = rows(group);
  const last = present.at(-1);
  const row = last.cloneNode(true);
  const highest = Math.max(...present.map((each) => numberOf(group, each)));
  renumber(row, group.dataset.repeat, numberOf(group, last), highest + 1);
  empty(row);
  last.after(row);
  settle(group, group.dataset.textAdded, row);
}

function remove(group, row) {
  const neighbour = row.nextElementSibling?.matches("[data-repeat-row]") ? row.nextElementSibling : row.previousElementSibling;
  row.remove();
  settle(group, group.dataset.textRemoved, neighbour);
}

function settle(group, message, row) {
  const present = rows(group);
  present.forEach((each, index) => {
    each.querySelector("[data-repeat-number]").textContent = index + 1;
  });
  const button = group.querySelector("button[name=add]");
  if (button && group.dataset.max) button.hidden = present.length >= Number(group.dataset.max);
  group.querySelector("[data-repeat-status]").textContent = message;
  row.querySelector("input:not([type=hidden]), textarea, select")?.focus();
  group.dispatchEvent(new Event("input", { bubbles: true }));
}

function numberOf(group, row) {
  const name = row.querySelector("button[name=remove]").value;
  return Number(name.slice(group.dataset.repeat.length + 1));
}

function renumber(row, list, from, to) {
  const old = `${list}-${from}`;
  for (const element of [row, ...row.querySelectorAll("*")]) {
    for (const name of ["id", "name", "for", "value", "aria-describedby", "aria-labelledby", "data-count"]) {
      const value = element.getAttribute(name);
      if (value === null || (name === "value" && element.name !== "remove")) continue;
      element.setAttribute(name, value.split(" ").map((part) => moved(part, old, `${list}-${to}`)).join(" "));
    }
  }
}

function moved(text, old, fresh) {
  return text === old || text.startsWith(`${old}-`) ? fresh + text.slice(old.length) : text;
}

function empty(row) {
  for (const control of row.querySelectorAll("input, textarea, select")) {
    if (control.type === "checkbox" || control.type === "radio") control.checked = false;
    else if (control.tagName === "SELECT") control.selectedIndex = 0;
    else control.value = "";
    control.removeAttribute("aria-invalid");
  }
  for (const error of row.querySelectorAll(".error")) error.remove();
  for (const wrong of row.querySelectorAll(".field-wrong")) wrong.classList.remove("field-wrong");
  for (const described of row.querySelectorAll("[aria-describedby]")) {
    const left = described.getAttribute("aria-describedby").split(" ").filter((id) => !id.endsWith("-error"));
    if (left.length) described.setAttribute("aria-describedby", left.join(" "));
    else described.removeAttribute("aria-describedby");
  }
}
