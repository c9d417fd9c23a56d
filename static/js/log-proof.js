// Receipts and promises of the public log, checked step by step; nothing here touches a page or sends anything.
// A receipt is a C2SP tlog-proof file, a promise a C2SP signed note; docs and verifier.py say the same in words and Python.
//
// `site` is whom we trust: { origin: "site.example/log", key: 32 bytes, witnesses: [{ name, id, key }] }.

import { verifies } from "./ed25519.js";

const HEADER = "c2sp.org/tlog-proof@v1";
const LONGEST = 200_000; // characters; a receipt with sixteen witnesses has four thousand
const NUMBER = "(0|[1-9]\\d{0,14})"; // exact in a double
const MINUTE = "(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\dZ)";
const HASH = "([0-9a-f]{64})";
const JOINING = new RegExp(`^joining\\n${NUMBER}\\n${HASH}\\n${HASH}\\n${MINUTE}\\n$`);
const REMOVAL = new RegExp(`^removal\\n${NUMBER}\\n${NUMBER}\\n${MINUTE}\\n(withdrawn|invalidated)\\n$`);
const SIGNATURE = /^— ([^\s+]+) (\S+)$/;
const LOG_KEY = 1;
const WITNESS_KEY = 4;
const encoder = new TextEncoder();

export class NotProven extends Error {}

const RECEIPT = { form: readReceipt, entry: readEntry, path: checkPath, count: checkCount, origin: checkOrigin,
  signature: checkSignature, witnesses: checkWitnesses };
const PROMISE = { form: readPromise, origin: checkOrigin, signature: checkSignature };

// What stands in the text: { kind, passed: [step, ...], failed: step or null, facts }.
export async function check(text, site) {
  const whole = `${text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n").trim()}\n`;
  const kind = whole.startsWith("promise\n") ? "promise" : "receipt";
  return walk(kind, kind === "promise" ? PROMISE : RECEIPT, { whole }, site);
}

// Runs steps in order until one fails; an error that is no disproof (a dead network) is the caller's.
export async function walk(kind, steps, facts, site) {
  const passed = [];
  for (const [name, step] of Object.entries(steps)) {
    try {
      await step(facts, site);
    } catch (error) {
      if (!(error instanceof NotProven)) throw error;
      return { kind, passed, failed: name, facts };
    }
    passed.push(name);
  }
  return { kind, passed, failed: null, facts };
}

// ---- the steps of a receipt

function readReceipt(facts) {
  need(facts.whole.length <= LONGEST);
  const lines = facts.whole.split("\n");
  need(lines.shift() === HEADER);
  facts.entry = fromBase64(after("extra ", lines.shift()));
  facts.index = numberIn(after("index ", lines.shift()));
  facts.path = [];
  while (lines.length && lines[0] !== "") facts.path.push(hashFrom(lines.shift()));
  need(lines.shift() === "");
  Object.assign(facts, readCheckpoint(lines.join("\n")));
}

async function readEntry(facts) {
  const entry = readUtf8(facts.entry);
  const joining = JOINING.exec(entry);
  const removal = REMOVAL.exec(entry);
  need(joining || removal);
  if (joining) {
    facts.entryKind = "joining";
    [facts.petition, facts.commitment, facts.evidence, facts.minute] = joining.slice(1);
  } else {
    facts.entryKind = "removal";
    [facts.petition, facts.removed, facts.minute, facts.reason] = removal.slice(1);
    need(Number(facts.removed) < facts.index);
  }
  facts.leaf = await leafHash(facts.entry);
}

async function checkPath(facts) {
  need(facts.index < facts.size);
  need(same(await rootBy(facts.leaf, facts.index, facts.size, facts.path), facts.root));
}

export function checkCount(facts) {
  need(facts.joinings + facts.removals === facts.size);
  need(facts.removals <= facts.joinings);
}

function checkOrigin(facts, site) {
  facts.petition ??= facts.origin.split("/").pop();
  need(facts.origin === `${site.origin}/${facts.petition}`);
}

export async function checkSignature(facts, site) {
  const id = await keyId(facts.origin, LOG_KEY, site.key);
  const own = facts.note.signatures.filter((one) => one.name === facts.origin && same(one.id, id));
  need(own.length > 0);
  for (const one of own) need(await verifies(site.key, encoder.encode(facts.note.text), one.value));
}

// Who is not known is passed over; who is known and did not sign this very text makes the receipt false.
async function checkWitnesses(facts, site) {
  facts.witnesses = [];
  for (const one of facts.note.signatures) {
    const witness = site.witnesses.find((known) => known.name === one.name && same(known.id, one.id));
    if (!witness) continue;
    need(one.value.length === 72);
    const seconds = one.value.subarray(0, 8).reduce((number, byte) => number * 256n + BigInt(byte), 0n);
    const message = encoder.encode(`cosignature/v1\ntime ${seconds}\n${facts.note.text}`);
    need(await verifies(witness.key, message, one.value.subarray(8)));
    if (!facts.witnesses.includes(one.name)) facts.witnesses.push(one.name);
  }
}

// ---- the steps of a promise

function readPromise(facts) {
  need(facts.whole.length <= LONGEST);
  facts.note = readNote(facts.whole);
  const found = /^promise\n(\S+)\n(\S+)\n(.*)\n$/.exec(facts.note.text);
  need(found && new RegExp(`^${MINUTE}$`).test(found[3]));
  [facts.origin, facts.leaf, facts.minute] = [found[1], hashFrom(found[2]), found[3]];
}

// ---- signed notes and checkpoints

export function readCheckpoint(whole) {
  const note = readNote(whole);
  const [origin, size, root, ...extensions] = note.text.slice(0, -1).split("\n");
  need(origin && root !== undefined && extensions.every((line) => line !== ""));
  const count = extensions.map((line) => new RegExp(`^count ${NUMBER} ${NUMBER}$`).exec(line)).find(Boolean);
  need(count);
  return { note, origin, size: numberIn(size), root: hashFrom(root), joinings: Number(count[1]), removals: Number(count[2]) };
}

function readNote(whole) {
  const split = whole.lastIndexOf("\n\n");
  need(split > 0 && whole.endsWith("\n") && !/[\u0000-\u0009\u000b-\u001f]/.test(whole));
  const signatures = whole.slice(split + 2, -1).split("\n").map((line) => {
    const found = SIGNATURE.exec(line);
    need(found);
    const bytes = fromBase64(found[2]);
    need(bytes.length > 4);
    return { name: found[1], id: bytes.subarray(0, 4), value: bytes.subarray(4) };
  });
  return { text: whole.slice(0, split + 1), signatures };
}

// A witness's key as C2SP writes it: name, key ID in hex, base64 of the kind and the key. Other kinds are null.
export function readWitnessKey(vkey) {
  const found = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(vkey);
  need(found);
  const bytes = fromBase64(found[3]);
  if (bytes[0] !== WITNESS_KEY || bytes.length !== 33) return null;
  const id = Uint8Array.from(found[2].match(/../g), (pair) => parseInt(pair, 16));
  return { name: found[1], id, key: bytes.subarray(1) };
}

async function keyId(name, kind, key) {
  return (await sha256(encoder.encode(`${name}\n`), Uint8Array.of(kind), key)).subarray(0, 4);
}

// ---- the tree (RFC 9162, 2.1)

export function leafHash(entry) {
  return sha256(Uint8Array.of(0), entry);
}

export function nodeHash(left, right) {
  return sha256(Uint8Array.of(1), left, right);
}

// The root that a path leads to from the leaf at an index of a tree of this size (2.1.3.2).
export async function rootBy(leaf, index, size, path) {
  let [node, last, hash] = [index, size - 1, leaf];
  for (const sibling of path) {
    need(last > 0);
    if (node % 2 === 1 || node === last) {
      hash = await nodeHash(sibling, hash);
      while (node % 2 === 0 && node > 0) [node, last] = [node / 2, half(last)];
    } else {
      hash = await nodeHash(hash, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  need(last === 0);
  return hash;
}

// Whether a path joins the root of a tree to that of a later one (2.1.4.2).
export async function checkGrowth(old, now, path) {
  need(old.size <= now.size);
  if (old.size === now.size) return need(path.length === 0 && same(old.root, now.root));
  const rest = isPowerOfTwo(old.size) ? [old.root, ...path] : [...path];
  need(rest.length > 0);
  let [node, last] = [old.size - 1, now.size - 1];
  while (node % 2 === 1) [node, last] = [half(node), half(last)];
  let before = rest.shift();
  let since = before;
  for (const sibling of rest) {
    need(last > 0);
    if (node % 2 === 1 || node === last) {
      before = await nodeHash(sibling, before);
      since = await nodeHash(sibling, since);
      while (node % 2 === 0 && node > 0) [node, last] = [node / 2, half(last)];
    } else {
      since = await nodeHash(since, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return need(last === 0 && same(before, old.root) && same(since, now.root));
}

// The largest power of two below a count, by steps: old logarithms are not exact.
export function largestBelow(count) {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}

export function isPowerOfTwo(count) {
  return count === 1 || largestBelow(count) * 2 === count;
}

async function sha256(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
}

// ---- small things

export function need(condition) {
  if (!condition) throw new NotProven();
}

export function same(left, right) {
  return left.length === right.length && left.every((byte, place) => byte === right[place]);
}

export function fromBase64(text) {
  need(/^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0);
  const plain = atob(text);
  need(btoa(plain) === text);
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function hashFrom(text) {
  const hash = fromBase64(text);
  need(hash.length === 32);
  return hash;
}

function readUtf8(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new NotProven();
  }
}

function after(start, line) {
  need(line?.startsWith(start));
  return line.slice(start.length);
}

function numberIn(text) {
  need(new RegExp(`^${NUMBER}$`).test(text));
  return Number(text);
}

function half(number) {
  return Math.floor(number / 2);
}
