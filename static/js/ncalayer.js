// Signs by NCALayer, the national program on the citizen's own computer, which listens on a WebSocket of this machine.
// The form of the ncalayer() macro holds the document (base64), the words for everything that may happen, and the
// field for the signature; it is sent as soon as that is filled.
//
// Nothing is connected before a press of the button: the browser then asks whether the site may reach other programs
// on this computer, and the citizen has read why. Whatever goes wrong is said in one sentence; the other ways of
// signing stay on the page all the while.

const PATIENCE = { greeting: 2_000, connection: 120_000, window: 30_000, signature: 300_000 }; // milliseconds
const PURPOSE = { signing: "1.3.6.1.5.5.7.3.4", authentication: "1.3.6.1.5.5.7.3.2" }; // of the certificate's key
const PERSON = "1.2.398.3.3.4.1.1"; // the certificate's holder signs for nobody but themselves
const HEARTBEAT = "--heartbeat--";
const ABOUT_THE_KEY = "SIGNING_FAILURE";

for (const form of document.querySelectorAll("form[data-ncalayer]")) start(form);

function start(form) {
  const sign = form.querySelector("[data-ncalayer-sign]");
  const stop = form.querySelector("[data-ncalayer-stop]");
  let stopping = null;

  const settle = (busy) => {
    sign.disabled = busy;
    stop.hidden = !busy;
    if (!busy) stopping = null;
  };

  form.querySelector("[data-ncalayer-without-script]").hidden = true;
  form.querySelector("[data-ncalayer-actions]").hidden = false;
  settle(false);
  warnWhenDenied(form);

  sign.addEventListener("click", async () => {
    stopping = new AbortController();
    settle(true);
    say(form, "connecting");
    const outcome = await signed(form, stopping.signal);
    if (outcome.kind !== "signature") {
      settle(false);
      say(form, outcome.kind, outcome.code);
      sign.focus();
      return;
    }
    stop.hidden = true;
    say(form, "signed");
    form.elements.namedItem("signature").value = outcome.cms;
    form.elements.namedItem("document").disabled = true; // the server has it, byte for byte
    form.submit();
  });
  stop.addEventListener("click", () => stopping?.abort());
  window.addEventListener("pageshow", (event) => { // back to this page: a signature is sent once
    if (!event.persisted) return;
    form.elements.namedItem("signature").value = "";
    form.elements.namedItem("document").disabled = false;
    settle(false);
    say(form, null);
  });
}

function say(form, kind, code = "") {
  const status = form.querySelector("[data-ncalayer-status]");
  const words = kind && form.getAttribute(`data-text-${kind}`);
  form.dataset.said = kind ?? "";
  status.textContent = words ? words.replace("{code}", code) : "";
  const calm = !words || ["connecting", "waiting", "signed", "stopped", "cancelled"].includes(kind);
  status.className = calm ? "" : "notice notice-warning";
}

// ---- one conversation

// {kind: "signature", cms} or {kind, code}, where the kind names the sentence of the form.
async function signed(form, stopped) {
  const holder = await certificateHolder(form);
  const conversation = new Conversation(form, holder, stopped);
  const outcome = await conversation.outcome;
  if (outcome.kind === "absent" && (await permission()) === "denied") return { kind: "denied" };
  return outcome;
}

class Conversation {
  constructor(form, holder, stopped) {
    this.form = form;
    this.holder = holder;
    this.isOpen = false;
    this.asked = false;
    this.isOld = false;
    this.timers = [];
    this.outcome = new Promise((resolve) => { this.resolve = resolve; });
    stopped.addEventListener("abort", () => this.end({ kind: "stopped" }));
    if (stopped.aborted) return this.end({ kind: "stopped" });
    this.connect();
  }

  connect() {
    try {
      this.socket = new WebSocket(this.form.dataset.url);
    } catch { // an address that the browser refuses outright
      this.end({ kind: "absent" });
      return;
    }
    // Time enough to read the browser's question and to answer it.
    this.after(PATIENCE.connection, () => this.end({ kind: "absent" }));
    this.socket.addEventListener("open", () => {
      this.isOpen = true;
      this.forgetTimers();
      // The greeting tells that it listens; a version without one is asked all the same.
      this.after(PATIENCE.greeting, () => this.ask());
    });
    this.socket.addEventListener("message", (event) => this.hear(event.data));
    this.socket.addEventListener("close", () => this.end({ kind: this.isOpen ? "closed" : "absent" }));
  }

  ask() {
    if (this.asked) return;
    this.asked = true;
    this.forgetTimers();
    this.socket.send(JSON.stringify(this.isOld ? oldRequest(this.form) : request(this.form, this.holder)));
    say(this.form, "waiting");
    this.after(PATIENCE.window, () => say(this.form, "slow"));
    this.after(PATIENCE.signature, () => this.end({ kind: "silent" }));
  }

  hear(text) {
    const answer = read(text);
    if (answer.kind === "greeting") this.ask();
    else if (answer.kind === "old" && !this.isOld) {
      this.isOld = true;
      this.asked = false;
      this.ask();
    } else if (answer.kind !== "nothing" && this.asked) this.end(answer);
  }

  after(milliseconds, deed) {
    this.timers.push(setTimeout(deed, milliseconds));
  }

  forgetTimers() {
    this.timers.forEach(clearTimeout);
    this.timers = [];
  }

  end(outcome) {
    this.forgetTimers();
    this.resolve(outcome);
    this.socket?.close();
  }
}

// ---- what is asked

function request(form, holder) {
  return {
    module: "kz.gov.pki.knca.basics",
    method: "sign",
    args: {
      allowedStorages: null, // any: a key file, a token, an identity card
      format: "cms",
      data: documentOf(form),
      signingParams: { decode: true, encapsulate: false, digested: false, tsaProfile: null },
      signerParams: { extKeyUsageOids: [PURPOSE[form.dataset.use], PERSON], iin: holder, bin: "", serialNumber: "", chain: null },
      locale: document.documentElement.lang === "kk" ? "kk" : "ru",
    },
  };
}

// For versions that do not know the module above.
function oldRequest(form) {
  const key = form.dataset.use === "authentication" ? "AUTHENTICATION" : "SIGNATURE";
  return {
    module: "kz.gov.pki.knca.commonUtils",
    method: "createCAdESFromBase64",
    args: ["PKCS12", key, documentOf(form), false],
  };
}

function documentOf(form) {
  return form.elements.namedItem("document").value;
}

// The citizen's own number, so that the program offers only their keys. It stands in no page; without it all are offered.
async function certificateHolder(form) {
  if (!form.dataset.parameters) return "";
  const body = new URLSearchParams({ csrf_token: form.elements.namedItem("csrf_token").value });
  try {
    const answer = await fetch(form.dataset.parameters, { method: "POST", body, credentials: "same-origin", redirect: "error" });
    return answer.ok ? (await answer.json()).iin : "";
  } catch {
    return "";
  }
}

// ---- what is answered: every shape that versions of the program are known to send

function read(text) {
  if (text === HEARTBEAT) return { kind: "nothing" };
  let answer;
  try {
    answer = JSON.parse(text);
  } catch {
    return { kind: "unclear" };
  }
  if (answer === null || typeof answer !== "object" || Array.isArray(answer)) return { kind: "unclear" };
  if (Object.keys(answer).length === 0) return { kind: "nothing" };
  if (answer.result?.version !== undefined) return { kind: "greeting" };
  if (isCancelled(answer)) return { kind: "cancelled" };
  if (answer.errorCode === "MODULE_NOT_FOUND" || answer.code === "MODULE_NOT_FOUND") return { kind: "old" };
  if (answer.status === true || String(answer.code) === "200") return signature(answer.body?.result ?? answer.responseObject);
  if (answer.status !== false && answer.success !== false && answer.code === undefined) return { kind: "unclear" };
  const code = shortCode(answer.code ?? answer.errorCode);
  return { kind: code === ABOUT_THE_KEY ? "key" : "failed", code };
}

function isCancelled(answer) {
  const code = String(answer.code ?? answer.errorCode ?? "");
  const closed = answer.status === true && answer.body?.result === undefined && answer.responseObject === undefined;
  return closed || /^(USER_)?CANCELL?ED/i.test(code) || answer.message === "action.canceled";
}

function signature(result) {
  const cms = withoutArmour(firstText(result));
  if (cms === "") return { kind: "cancelled" };
  return /^[A-Za-z0-9+/]+={0,2}$/.test(cms) ? { kind: "signature", cms } : { kind: "unclear" };
}

// A text; a list of texts; an object of signatures and their certificate.
function firstText(result) {
  if (typeof result === "string") return result;
  if (Array.isArray(result)) return result.length ? firstText(result[0]) : "";
  return result && typeof result === "object" ? firstText(result.signatures ?? result.signature ?? result.cms) : "";
}

function withoutArmour(text) {
  return text.replace(/-----[^-]*-----/g, "").replace(/\s+/g, "");
}

// Never the program's own message: it may name the key's holder.
function shortCode(code) {
  return /^\w{1,40}$/.test(String(code)) ? String(code) : "?";
}

// ---- the browser's permission

async function permission() {
  return (await permissionStatus())?.state;
}

async function warnWhenDenied(form) {
  const status = await permissionStatus();
  if (status?.state === "denied") say(form, "denied");
  status?.addEventListener("change", () => {
    if (status.state !== "denied" && form.dataset.said === "denied") say(form, null);
  });
}

// Chromium asks before a page of the network reaches this computer; other browsers have no such name.
async function permissionStatus() {
  for (const name of ["loopback-network", "local-network-access"]) {
    try {
      return await navigator.permissions.query({ name });
    } catch {
      continue;
    }
  }
  return null;
}
