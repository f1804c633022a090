// Passkeys: the device proves who it is, behind its own lock. Forms that need one show when the
// browser knows them; without JavaScript the other ways to sign in are there.
import { all, one } from "./dom.js";

const bytesOf = (text) => {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
};
const textOf = (buffer) => {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
};
const withBytes = (rows) => (rows ?? []).map((row) => ({ ...row, id: bytesOf(row.id) }));

function readable({ publicKey }) {
  const read = { ...publicKey, challenge: bytesOf(publicKey.challenge) };
  if (publicKey.user) read.user = { ...publicKey.user, id: bytesOf(publicKey.user.id) };
  if (publicKey.excludeCredentials)
    read.excludeCredentials = withBytes(publicKey.excludeCredentials);
  if (publicKey.allowCredentials) read.allowCredentials = withBytes(publicKey.allowCredentials);
  return { publicKey: read };
}

function sendable(credential) {
  const response = {};
  for (const name of [
    "clientDataJSON",
    "attestationObject",
    "authenticatorData",
    "signature",
    "userHandle",
  ]) {
    const value = credential.response[name];
    if (value) response[name] = textOf(value);
  }
  return {
    id: credential.id,
    rawId: textOf(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function optionsOf(form) {
  if (form.dataset.passkey !== "fetch") return JSON.parse(form.dataset.options);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`passkey options: ${answer.status}`);
  return (await answer.json()).request_options;
}

async function prove(form) {
  const options = readable(await optionsOf(form));
  const credential =
    form.dataset.passkey === "create"
      ? await navigator.credentials.create(options)
      : await navigator.credentials.get(options);
  form.elements.credential.value = JSON.stringify(sendable(credential));
}

for (const form of globalThis.PublicKeyCredential ? all("form[data-passkey]") : []) {
  form.hidden = false;
  for (const missing of all("[data-passkey-missing]")) missing.hidden = true;
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return; // proved: on its way
    event.preventDefault();
    event.stopImmediatePropagation();
    one("[data-passkey-refused]", form).hidden = true;
    try {
      await prove(form);
      form.submit();
    } catch {
      one("[data-passkey-refused]", form).hidden = false;
    }
  });
}
