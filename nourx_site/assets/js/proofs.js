// Verifies the code of a receipt on this device, with the keys of the page: no network needed once
// the page was opened. The form of a code is told in billing/proofs/codes.py.
import * as ed25519 from "@noble/ed25519";
import { sha512 } from "@noble/hashes/sha2.js";
import { all, one } from "./dom.js";

ed25519.hashes.sha512 = sha512;

const KEPT = "nourx-verify";
const LONGEST = 1200;
const page = one("[data-proofs]");
const form = one("form", page);
const text = new TextDecoder();
const bytesOf = (words) => new TextEncoder().encode(words);

function read(words) {
  const binary = atob(words.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
  if (write(bytes) !== words) throw new Error("another spelling");
  return bytes;
}

const write = (bytes) =>
  btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

// The facts of an authentic code, or null.
function factsOf(code) {
  const keys = JSON.parse(page.dataset.proofs);
  const [version, kid, said, signature, ...rest] = code.split(".");
  if (code.length > LONGEST || version !== "NX1" || !Object.hasOwn(keys, kid) || rest.length) return null;
  try {
    const signed = bytesOf(`${version}.${kid}.${said}`);
    return ed25519.verify(read(signature), signed, read(keys[kid])) ? JSON.parse(text.decode(read(said))) : null;
  } catch {
    return null;
  }
}

const money = (amount, currency) => {
  const digits = new Intl.NumberFormat("fr-FR", { style: "currency", currency });
  return digits.format(amount / 10 ** digits.resolvedOptions().maximumFractionDigits);
};
const day = (iso) => new Intl.DateTimeFormat("fr-FR", { dateStyle: "long", timeZone: "UTC" }).format(new Date(iso));

function fill(facts) {
  const [, number, date, amount, currency, payer, seller, paper] = facts;
  const values = { number, date: day(date), amount: money(amount, currency), payer, seller, paper };
  for (const place of all("[data-fact]", page)) {
    const value = values[place.dataset.fact];
    place.textContent = value;
    place.closest("div").hidden = !value;
  }
}

function show(name) {
  for (const part of all("[data-when]", page)) part.hidden = part.dataset.when !== name;
}

// What became of it since, when we can be asked.
async function ask(code) {
  const list = one("[data-now]", page);
  list.replaceChildren();
  try {
    const body = new FormData(form);
    body.set("code", code);
    const answer = await fetch(page.dataset.state, { method: "POST", body });
    const { words } = await answer.json();
    list.replaceChildren(
      ...words.map((line) => Object.assign(document.createElement("li"), { textContent: line })),
    );
    one("[data-unasked]", page).hidden = answer.ok;
  } catch {
    one("[data-unasked]", page).hidden = false;
  }
}

function look(code) {
  if (!code) return show("waiting");
  const facts = factsOf(code);
  if (!facts) return show("false");
  fill(facts);
  show("true");
  return ask(code);
}

// A code pasted alone, or the whole address that the QR code holds.
const codeOf = (words) => words.trim().split("#").pop();

form.addEventListener("submit", (event) => {
  event.preventDefault();
  look(codeOf(new FormData(form).get("code")));
});
addEventListener("hashchange", () => look(codeOf(location.hash)));
look(codeOf(location.hash) || codeOf(form.elements.code.value));

// Kept for when there is no network: the page with today's keys.
globalThis.caches
  ?.open(KEPT)
  .then((cache) => cache.add(location.pathname))
  .catch(() => {});
