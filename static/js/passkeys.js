// Makes and uses passkeys: asks the server for a question, the device for its answer, and sends the form with that answer.
// Without this module the buttons stay hidden, and the page's other way is there.

for (const part of document.querySelectorAll("[data-passkey]")) {
  if (window.PublicKeyCredential) offer(part);
}

function offer(part) {
  const button = part.querySelector("[data-passkey-start]");
  part.hidden = false;
  button.addEventListener("click", async () => {
    const name = part.closest("form").querySelector('input[name="name"]');
    if (name && !name.value.trim()) {
      say(part, "unnamed"); // before the device makes a key that the site would then refuse
      name.focus();
      return;
    }
    button.disabled = true;
    say(part, "waiting");
    try {
      const answer = await ask(part);
      part.querySelector('input[type="hidden"]').value = JSON.stringify(answer);
      part.closest("form").requestSubmit();
    } catch (error) {
      say(part, { NotAllowedError: "cancelled", AbortError: "cancelled", InvalidStateError: "known" }[error.name] || "failed");
      button.disabled = false;
    }
  });
}

async function ask(part) {
  const options = await question(part);
  options.challenge = bytes(options.challenge);
  if (part.dataset.passkey === "create") {
    options.user.id = bytes(options.user.id);
    options.excludeCredentials = known(options.excludeCredentials);
    return told(await navigator.credentials.create({ publicKey: options }));
  }
  options.allowCredentials = known(options.allowCredentials);
  return told(await navigator.credentials.get({ publicKey: options }));
}

async function question(part) {
  const token = part.closest("form").querySelector('input[name="csrf_token"]').value;
  const headers = { "X-CSRFToken": token, Accept: "application/json" };
  const answer = await fetch(part.dataset.optionsUrl, { method: "POST", headers, redirect: "error" });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

function told(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  const { id, type } = credential;
  return { id, type, rawId: text(credential.rawId), response, clientExtensionResults: {} };
}

function known(descriptors) {
  return (descriptors || []).map((one) => ({ ...one, id: bytes(one.id) }));
}

function say(part, what) {
  const status = part.querySelector("[data-passkey-status]");
  status.textContent = part.dataset[`text${what[0].toUpperCase()}${what.slice(1)}`];
}

// base64url, in which WebAuthn writes bytes
function bytes(encoded) {
  const plain = atob(encoded.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
