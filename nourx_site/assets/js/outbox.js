// Sends the words of a form (form[data-outbox]) even when the link drops: they are kept on the
// device first, under a key of their own, and sent until the server has answered. The server takes
// a key once, so a form that did arrive is not taken twice. Never used for payments.
import { all, copyOf, one, textOf } from "./dom.js";
import * as kept from "./outbox_store.js";
import { toast } from "./toasts.js";

const KEY = "cle";
const PAUSE = 15_000; // ms between two tries while the page is open
const SOON = 3_000; // ms before the first try again: most cuts are short
const PATIENCE = 30_000; // ms for an answer
const RESUME = "nx:resume";
const LARGEST = 20 * 1024 * 1024; // bytes of plain files that are worth keeping

const person = document.body.dataset.person;
const isHtmx = (form) => form.matches("[hx-post]");

function keyField(form) {
  let field = one(`[name=${KEY}]`, form);
  if (!field) {
    field = Object.assign(document.createElement("input"), { type: "hidden", name: KEY });
    form.append(field);
  }
  field.value ||= crypto.randomUUID?.() ?? fallbackKey();
  return field;
}

function fallbackKey() {
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte, index) =>
    (index === 6 ? (byte & 15) | 64 : index === 8 ? (byte & 63) | 128 : byte)
      .toString(16)
      .padStart(2, "0"),
  );
  return hex.join("").replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

function entryOf(form, submitter) {
  const fields = [...new FormData(form, submitter)].filter(([name]) => name !== "csrfmiddlewaretoken");
  const words = fields.find(([name, value]) => typeof value === "string" && value && name !== KEY);
  return {
    id: keyField(form).value,
    person,
    space: document.body.dataset.space,
    url: form.getAttribute("action") || location.pathname + location.search,
    page: location.pathname + location.search,
    label: (one("textarea", form)?.value || words?.[1] || document.title).trim().slice(0, 80),
    at: Date.now(),
    fields,
  };
}

function weightOf({ fields }) {
  return fields.reduce((sum, [, value]) => sum + (value.size ?? value.length), 0);
}

// What htmx sends with each request: the token of now, and the space the words were written in.
function headersOf({ id, space }) {
  const usual = JSON.parse(document.body.getAttribute("hx-headers:inherited"));
  return { ...usual, ...(space && { "X-Espace": space }), "Idempotency-Key": id, "X-Outbox": "1" };
}

// Gives {sent, location}, {refused: status}, or throws when nobody answered.
async function send(entry) {
  const body = new FormData();
  for (const [name, value] of entry.fields) body.append(name, value);
  const response = await fetch(entry.url, {
    method: "POST",
    body,
    headers: headersOf(entry),
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (response.status >= 500 || response.status === 429) throw new Error(`${response.status}`);
  if (!response.ok) return { refused: response.status };
  const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
  return { sent: true, location: isJson ? (await response.json()).location : response.url };
}

function follow(address) {
  const target = new URL(address || location.href, location.href);
  const isHere = target.pathname + target.search === location.pathname + location.search;
  if (!isHere) return location.assign(target);
  history.replaceState(null, "", target);
  location.reload();
}

// The usual way: the server shows its answer on a page of its own.
function submitPlainly(form, submitter) {
  form.dataset.plainly = "yes";
  delete form.dataset.sent;
  form.requestSubmit(submitter);
}

async function submit(form, submitter) {
  const entry = entryOf(form, submitter);
  if (weightOf(entry) > LARGEST || !(await kept.put(entry))) return submitPlainly(form, submitter);
  try {
    const { sent, location: address } = await send(entry);
    await kept.remove(entry.id);
    if (!sent) return submitPlainly(form, submitter); // refused: the server says why
    form.dispatchEvent(new CustomEvent("nx:sent", { bubbles: true }));
    follow(address);
  } catch {
    wait(form);
  }
}

function wait(form) {
  form.dispatchEvent(new CustomEvent("nx:sent", { bubbles: true })); // the outbox has the words now
  form.reset();
  keyField(form).value = "";
  keyField(form);
  form.dispatchEvent(new CustomEvent("nx:release", { bubbles: true }));
  toast(textOf("tpl-outbox-waiting"));
  show();
  setTimeout(flush, SOON);
}

let flushing = false;

async function flush() {
  if (flushing || !person || !navigator.onLine) return;
  flushing = true;
  try {
    const here = ({ refused, space }) => !refused && space === document.body.dataset.space;
    for (const entry of (await kept.of(person)).filter(here)) await flushOne(entry);
  } catch {
    // Still nobody at the other end: what waits, waits.
  } finally {
    flushing = false;
    show();
  }
}

async function flushOne(entry) {
  const { sent, refused } = await send(entry);
  if (sent) {
    await kept.remove(entry.id);
    toast(textOf("tpl-outbox-sent"), "ok");
    document.dispatchEvent(new CustomEvent("nx:changed"));
  } else if (refused === 401 || (refused === 403 && !entry.again)) {
    await kept.put({ ...entry, again: refused === 403 }); // signed out, or an old token: later
    throw new Error("not now");
  } else {
    await kept.put({ ...entry, refused });
  }
}

async function show() {
  const band = one("#outbox");
  if (!band || !person) return;
  const entries = await kept.of(person);
  one("ul", band).replaceChildren(...entries.map(rowFor));
  band.hidden = !entries.length;
}

function rowFor(entry) {
  const row = copyOf("tpl-outbox");
  one("[data-label]", row).textContent = entry.label;
  one("[data-state]", row).textContent = textOf(entry.refused ? "tpl-outbox-refused" : "tpl-outbox-waits");
  const resume = one("[data-resume]", row);
  resume.hidden = !entry.refused;
  resume.onclick = () => {
    sessionStorage.setItem(RESUME, entry.id);
    location.assign(entry.page);
  };
  one("[data-drop]", row).onclick = async () => {
    await kept.remove(entry.id);
    show();
  };
  return row;
}

// A refused entry goes back to the form it was written in.
async function resume() {
  const id = sessionStorage.getItem(RESUME);
  sessionStorage.removeItem(RESUME);
  const entry = id && (await kept.of(person)).find((row) => row.id === id);
  const form = entry && all("form[data-outbox]").find((each) => {
    const action = each.getAttribute("action") || location.pathname + location.search;
    return action === entry.url;
  });
  if (!form) return;
  for (const [name, value] of entry.fields) {
    const field = form.elements[name];
    if (typeof value === "string" && name !== KEY && field && "value" in field) field.value = value;
  }
  await kept.remove(entry.id);
  one("textarea", form)?.focus();
}

addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("form[data-outbox]")) return;
  keyField(form);
  if (isHtmx(form) || !person || form.dataset.plainly) return;
  event.preventDefault();
  submit(form, event.submitter);
});

function keys() {
  for (const form of all("form[data-outbox]")) keyField(form);
}

document.addEventListener("htmx:after:swap", keys);
document.addEventListener("htmx:after:request", ({ detail }) => {
  const form = detail.ctx?.sourceElement;
  if (form?.matches?.("form[data-outbox]") && detail.ctx.response?.status < 300) {
    keyField(form).value = "";
    keyField(form);
  }
});
document.addEventListener("htmx:error", async ({ detail }) => {
  const form = detail.ctx?.sourceElement;
  if (!form?.matches?.("form[data-outbox]") || !person) return;
  const entry = { ...entryOf(form), url: form.getAttribute("hx-post") };
  if (await kept.put(entry)) wait(form);
});

// Signing out asks first, then forgets what waits; nobody else hears of a sign-out that is refused.
addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    if (!form.matches("[data-sign-out]") || form.dataset.asked) return;
    if (one("#outbox")?.hidden !== false) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!confirm(textOf("tpl-outbox-leave"))) return;
    await kept.clear(person);
    form.dataset.asked = "yes";
    form.requestSubmit(event.submitter);
  },
  true,
);

if (person) {
  keys();
  show().then(flush);
  resume();
  addEventListener("online", flush);
  document.addEventListener("visibilitychange", () => document.hidden || flush());
  setInterval(flush, PAUSE);
}
