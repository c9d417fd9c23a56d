// Saves a draft while it is being written: every 20 seconds and on leaving a field, when something changed.
// The form says where: <form data-autosave-url="...">, and holds the element made by the autosave_status() macro.
//
// The server answers 2xx with JSON, of which both are optional: {"saved_at": "14:05", "version": "7"};
// a new version is put into the form's hidden field "version". 409: someone else saved first. 422: an answer is not valid yet.
// 401, 403 or a redirect: signed out. Anything else, and no network: the text is kept in this browser and sent again.
// A kept text is offered and never put in by itself: the server may have a newer one by then. Only where the page itself
// came from this device, without the site, the writing goes on from the kept text at once (kept-draft.js).

import { choice as choiceToKeep, forget, isCopy, keep as keepEntries, kept, offer, takeOfferBack } from "./kept-draft.js";

const EVERY = 20_000;
const NEVER_KEPT = new Set(["csrf_token", "version", "add", "remove"]);

for (const form of document.querySelectorAll("form[data-autosave-url]")) {
  const status = form.querySelector("[data-autosave-status]");
  if (status) start(form, status);
}

function start(form, status) {
  const key = `draft:${new URL(form.dataset.autosaveUrl, location.href).pathname}`;
  const isToKeep = choiceToKeep(form);
  let saved = fingerprint(asSent(form));
  let sending = null;
  let failed = false;
  // After "back" the browser fills in what stood here once; that is looked at before anything is sent.
  let stopped = isReturn();

  const save = async () => {
    const current = fingerprint(form);
    if (sending || stopped || current === saved) return;
    sending = send(form);
    const outcome = await sending;
    sending = null;
    failed = outcome.kind === "failed";
    if (outcome.kind === "saved") {
      saved = current;
      takeVersion(form, outcome.version);
      if (isToKeep()) keep(key, form, true);
      else if (!isOffered(form)) forget(key);
      if (isCopy()) noLongerCopy();
    } else if (outcome.kind === "invalid") {
      saved = current;
    } else {
      keep(key, form);
      stopped = outcome.kind === "conflict" || outcome.kind === "signed-out";
    }
    say(status, outcome);
    if (failed) offer(form);
    else takeOfferBack(form);
  };

  if (isCopy()) saved = writeOn(form, key) ?? saved;
  else offerKept(form, status, key);
  save(); // what was typed before this module came over a slow line
  setInterval(save, EVERY);
  form.addEventListener("focusout", (event) => {
    // On the way to a button: its press sends everything itself.
    if (event.relatedTarget?.form !== form || event.relatedTarget.type !== "submit") save();
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
  window.addEventListener("online", save);
  form.addEventListener("submit", async (event) => {
    // A saving under way must end first, or the form would carry an old version and be taken for another window's.
    if (sending && !event.defaultPrevented) {
      event.preventDefault();
      await sending;
      setTimeout(() => form.requestSubmit(event.submitter));
      return;
    }
    // Without a network offline.js keeps the form here.
    if (!navigator.onLine) return keep(key, form);
    // Where the last saving failed this may come to nothing too: the page forgets it when it comes with the same text.
    if (failed) keep(key, form);
    else if (!isOffered(form)) forget(key); // from here the server has it
    stopped = true;
  });
  // Back to this page by the browser's own button: writing goes on, and what the browser filled in is offered.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted && isReturn() && fingerprint(form) !== saved) {
      if (!kept(key)) keep(key, form);
      form.reset();
      offerKept(form, status, key);
    }
    if (event.persisted || isReturn()) stopped = false;
  });
}

function isReturn() {
  return performance.getEntriesByType("navigation")[0]?.type === "back_forward";
}

async function send(form) {
  try {
    const answer = await fetch(form.dataset.autosaveUrl, {
      method: "POST",
      body: withoutFiles(form),
      headers: { Accept: "application/json", "X-Requested-With": "fetch" },
      credentials: "same-origin",
      redirect: "manual",
    });
    if (answer.ok) return { kind: "saved", ...(await answer.json().catch(() => ({}))) };
    if (answer.status === 409) return { kind: "conflict" };
    if (answer.status === 422) return { kind: "invalid" };
    // 400: the form's token is that of a session which is over.
    if (answer.type === "opaqueredirect" || [400, 401, 403].includes(answer.status)) return { kind: "signed-out" };
    return { kind: "failed" };
  } catch {
    return { kind: "failed" };
  }
}

function say(status, outcome) {
  const texts = {
    saved: status.dataset.textSaved.replace("{time}", outcome.saved_at ?? timeNow()),
    failed: status.dataset.textFailed,
    invalid: status.dataset.textInvalid,
    conflict: status.dataset.textConflict,
    "signed-out": status.dataset.textSignedOut,
  };
  status.textContent = texts[outcome.kind];
  status.classList.toggle("autosave-wrong", outcome.kind !== "saved" && outcome.kind !== "invalid");
}

function timeNow() {
  return new Date().toLocaleTimeString([document.documentElement.lang, "ru"], { hour: "2-digit", minute: "2-digit" });
}

function takeVersion(form, version) {
  const field = form.elements.namedItem("version");
  if (version !== undefined && field) field.value = version;
}

// ---- what the form holds

function withoutFiles(form) {
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  return data;
}

function entries(form) {
  return [...withoutFiles(form)].filter(([name]) => !NEVER_KEPT.has(name) && form.elements.namedItem(name)?.type !== "password");
}

// The form as it came from the server, without what was typed or filled in since.
function asSent(form) {
  const copy = form.cloneNode(true);
  copy.reset();
  return copy;
}

function fingerprint(form) {
  return JSON.stringify(entries(form));
}

// ---- the copy in this browser

function keep(key, form, isSaved = false) {
  keepEntries(key, { entries: entries(form), version: form.elements.namedItem("version")?.value, isSaved });
}

// On the page's copy: puts in what was written last; returns the fingerprint of what the server has, where it is known.
function writeOn(form, key) {
  const copy = kept(key);
  if (!copy) return null;
  const before = fingerprint(form);
  restore(form, copy.entries);
  takeVersion(form, copy.version);
  return copy.isSaved ? fingerprint(form) : before;
}

function noLongerCopy() {
  delete document.documentElement.dataset.copy;
  document.querySelector("[data-copy-notice]")?.remove();
}

function offerKept(form, status, key) {
  const copy = kept(key);
  if (!copy || copy.isSaved || JSON.stringify(copy.entries) === fingerprint(form)) return forget(key);
  const offer = document.createElement("div");
  offer.className = "notice";
  offer.setAttribute("role", "status");
  offer.dataset.autosaveOffer = "";
  const bring = choice(status.dataset.textRestore, () => { restore(form, copy.entries); offer.remove(); });
  const drop = choice(status.dataset.textDiscard, () => { forget(key); offer.remove(); });
  form.querySelector("[data-autosave-offer]")?.remove();
  form.prepend(offer);
  const words = document.createElement("p");
  words.textContent = status.dataset.textFound;
  offer.append(words, bring, " ", drop);
}

function isOffered(form) {
  return form.querySelector("[data-autosave-offer]") !== null;
}

function choice(text, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button-quiet";
  button.textContent = text;
  button.addEventListener("click", act);
  return button;
}

function restore(form, copy) {
  for (const group of form.querySelectorAll("[data-repeat]")) copy = fitRows(group, copy);
  for (const box of form.querySelectorAll("input[type=checkbox][name]")) box.checked = false;
  for (const [name, value] of copy) {
    for (const control of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (control.type === "checkbox" || control.type === "radio") control.checked ||= control.value === value;
      else control.value = value;
    }
  }
}

// The list's own "add" button makes the rows the page lacks; the copy's rows then take the page's numbers, in order.
function fitRows(group, copy) {
  const list = group.dataset.repeat;
  const wanted = [...new Set(copy.map(([name]) => rowOf(name, list)).filter((number) => number !== null))];
  const add = group.querySelector("button[name=add]");
  for (let missing = wanted.length - removers(group).length; add && missing > 0; missing -= 1) add.click();
  const present = removers(group).map((button) => rowOf(button.value, list));
  return copy.map(([name, value]) => {
    const number = rowOf(name, list);
    if (number === null) return [name, value];
    const rest = name.slice(list.length + 1 + number.length);
    return [`${list}-${present[wanted.indexOf(number)]}${rest}`, value];
  });
}

function removers(group) {
  return [...group.querySelectorAll("[data-repeat-row] button[name=remove]")];
}

function rowOf(name, list) {
  const match = name.startsWith(`${list}-`) ? /^\d+/.exec(name.slice(list.length + 1)) : null;
  return match ? match[0] : null;
}
