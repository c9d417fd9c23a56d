// The page that checks a receipt: reads a chosen, dropped or pasted file and shows each step in the page's own words.
// All of it is loaded with the page, so it works offline; only "compare with now" asks the site, when it is pressed.

import { check, fromBase64, readWitnessKey, walk } from "./log-proof.js";
import { NOW } from "./log-tiles.js";

const LARGEST_FILE = 100_000; // bytes; more than that is no receipt, so its beginning will do to say so
// Many a browser lacks Kazakh and would part thousands by a comma, its decimal sign; Russian numbers look like Kazakh ones.
const language = document.documentElement.lang.replace("kk", "ru");

const form = document.querySelector("form[data-verify]");
const field = document.getElementById("receipt-text");
const error = document.getElementById("receipt-text-error");
const outcome = document.querySelector("[data-outcome]");
let latest = 0;

// crypto.subtle is there in secure contexts only; BigInt came to browsers in 2018 to 2020.
if (form && globalThis.crypto?.subtle && globalThis.BigInt) start();

function start() {
  document.querySelector("[data-needs-script]").hidden = true;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    verify(field.value);
  });
  document.getElementById("receipt-file").addEventListener("change", (event) => take(event.target.files[0]));
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    take(event.dataTransfer.files[0]);
  });
}

async function take(file) {
  if (!file) return;
  field.value = await file.slice(0, LARGEST_FILE).text();
  await verify(field.value);
}

async function verify(text) {
  latest += 1;
  const mine = latest;
  const empty = text.trim() === "";
  sayEmpty(empty);
  outcome.hidden = true;
  if (empty) {
    document.querySelector("[data-verdict-place]").replaceChildren();
    field.focus();
    return;
  }
  const site = siteOf(form.dataset);
  const result = await check(text, site);
  if (mine !== latest) return; // another file was taken meanwhile
  show(result, site);
}

function siteOf({ origin, key, witnesses, log }) {
  const known = witnesses.split(" ").filter(Boolean).map(readWitnessKey).filter(Boolean);
  return { origin, key: fromBase64(key), witnesses: known, log };
}

function show(result, site) {
  const { facts } = result;
  outcome.hidden = false;
  for (const list of outcome.querySelectorAll("[data-steps]")) list.hidden = true;
  const titles = mark(result);
  const name = result.failed ? "failed" : facts.entryKind ?? "promise";
  say("[data-verdict-place]", name, { ...words(facts), step: titles[result.failed] });
  showFacts(result.failed ? {} : facts);
  offerNow(result.failed || result.kind !== "receipt" ? null : facts, site);
  document.querySelector("[data-verdict-place]").focus();
}

function sayEmpty(empty) {
  error.hidden = !empty;
  field.toggleAttribute("aria-invalid", empty);
  if (empty) field.setAttribute("aria-describedby", error.id);
  else field.removeAttribute("aria-describedby");
  error.parentElement.classList.toggle("field-wrong", empty);
}

// Shows which steps were right, the one that was wrong and those not reached; returns the titles of the steps.
function mark({ kind, passed, failed, facts }) {
  const list = outcome.querySelector(`[data-steps="${kind}"]`);
  const titles = {};
  list.hidden = false;
  for (const item of list.children) {
    const name = item.dataset.step;
    const state = stateOf(name, passed, failed, facts);
    titles[name] = item.querySelector("[data-step-title]").textContent;
    for (const each of item.querySelectorAll("[data-mark]")) each.hidden = each.dataset.mark !== state;
  }
  return titles;
}

function stateOf(name, passed, failed, facts) {
  if (name === failed) return "failed";
  if (!passed.includes(name)) return "open";
  return name === "witnesses" && facts.witnesses.length === 0 ? "none" : "passed";
}

function say(place, name, filled) {
  const words = document.querySelector(`template[data-verdict="${name}"]`).content.cloneNode(true);
  const texts = document.createTreeWalker(words, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    texts.currentNode.data = texts.currentNode.data.replace(/\{(\w+)\}/g, (whole, key) => filled[key] ?? whole);
  }
  document.querySelector(place).replaceChildren(words);
}

function showFacts(facts) {
  const filled = words(facts);
  for (const row of outcome.querySelectorAll("[data-fact]")) {
    const value = filled[row.dataset.fact];
    row.hidden = value === undefined;
    row.querySelector("dd").textContent = value ?? "";
  }
  outcome.querySelector("[data-facts]").hidden = Object.keys(filled).length === 0;
}

// The facts as this page's language writes them.
function words(facts) {
  const filled = {};
  for (const name of ["index", "removed", "size", "joinings", "removals"]) {
    if (facts[name] !== undefined) filled[name] = Number(facts[name]).toLocaleString(language);
  }
  for (const name of ["petition", "evidence"]) if (facts[name] !== undefined) filled[name] = facts[name];
  if (facts.minute) filled.minute = inKazakhstan(facts.minute);
  if (facts.root) filled.root = btoa(String.fromCharCode(...facts.root));
  if (facts.witnesses?.length) filled.witnesses = facts.witnesses.join(", ");
  return filled;
}

// In the page's words, for many a browser knows no months in Kazakh; UTC+5 by number, for old devices still think that
// Almaty is at UTC+6.
function inKazakhstan(minute) {
  const there = new Date(Date.parse(minute) + 5 * 3_600_000);
  const day = form.dataset.days.split("|")[there.getUTCMonth()].replace("22", there.getUTCDate());
  return `${day.replace("3333", there.getUTCFullYear())}, ${there.toISOString().slice(11, 16)}`;
}

// ---- the log as it stands now

function offerNow(facts, site) {
  const part = document.querySelector("[data-now]");
  const button = document.querySelector("[data-now-button]");
  part.hidden = facts === null;
  document.querySelector("[data-now-place]").replaceChildren();
  button.onclick = facts && (() => compare(facts, site, button));
}

async function compare(facts, site, button) {
  const mine = latest;
  button.setAttribute("aria-disabled", "true");
  try {
    const result = await walk("now", NOW, { ...facts, log: `${site.log}/${facts.petition}` }, site);
    if (mine !== latest) return;
    const titles = mark(result);
    const size = result.facts.now?.size.toLocaleString(language);
    say("[data-now-place]", result.failed ? "now-failed" : "now", { size, step: titles[result.failed] });
  } catch {
    if (mine === latest) say("[data-now-place]", "unreachable", {});
  } finally {
    button.removeAttribute("aria-disabled");
  }
}
