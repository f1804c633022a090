// Joins files to a form (components/attachments.html): dropped, pasted or chosen, sent one after
// another with their progress, and named in the form once the server has checked them.
// Without JavaScript the same input sends its files with the form.
import { all, one } from "./dom.js";
import { Cut, finish, giveUp, send, statusOf } from "./transfers.js";
import { forget, forgetAll, ofThisPage, remember, urlFor } from "./upload_memory.js";

const ZONE = "[data-attachments]";
const BUSY = ["waiting", "sending", "paused", "checking"];
const jobs = new WeakMap(); // row → its job
const queues = new WeakMap(); // zone → what runs there
const held = new Map(); // form that waits for its files → its button

const zoneOf = (element) => element.closest(ZONE);
const rowsOf = (zone) => all("[data-upload]", zone);
const isBusy = (zone) => rowsOf(zone).some(({ dataset }) => BUSY.includes(dataset.state));
const say = (zone, text) => (one("[data-says]", zone).textContent = text);
const words = (zone, name, values = {}) =>
  Object.entries(values).reduce(
    (text, [key, value]) => text.replace(`{${key}}`, value),
    zone.dataset[name],
  );

function show(row, state, text = "") {
  row.dataset.state = state;
  one("[data-state-text]", row).textContent = text || words(zoneOf(row), `text${cap(state)}`);
  one("progress", row).hidden = !["sending", "paused", "checking"].includes(state);
  one("[data-share]", row).hidden = one("progress", row).hidden;
  one("[data-retry]", row).hidden = state !== "failed";
}

const cap = (word) => word[0].toUpperCase() + word.slice(1);

function showShare(row, share) {
  const percent = Math.round(share * 100);
  one("progress", row).value = percent;
  one("[data-share]", row).textContent = `${percent}\u00a0%`;
}

function newRow(zone, name) {
  const row = one("template[data-row]", zone).content.firstElementChild.cloneNode(true);
  one("[data-name]", row).textContent = name;
  one("[data-kind]", row).textContent = name.split(".").pop().slice(0, 4).toUpperCase();
  one("progress", row).setAttribute("aria-label", name);
  one("[data-remove]", row).setAttribute("aria-label", words(zone, "textRemove", { name }));
  one("[data-uploads]", zone).append(row);
  return row;
}

function join(row, { id, status_url: url }) {
  const input = Object.assign(document.createElement("input"), { type: "hidden", name: "uploads" });
  input.value = id;
  row.append(input);
  row.dataset.url = url;
  show(row, "done");
}

function add(zone, files) {
  const { most, client, prepare } = zone.dataset;
  for (const file of files) {
    const url = urlFor(file);
    all("[data-state=again]", zone).find((row) => row.dataset.url === url)?.remove();
    const count = rowsOf(zone).filter(({ dataset }) => dataset.state !== "refused").length;
    const row = newRow(zone, file.name);
    if (count >= Number(most)) {
      show(row, "refused", zone.dataset.textMost);
      continue;
    }
    jobs.set(row, { file, client, prepare, url });
    enqueue(row);
  }
}

function enqueue(row) {
  const zone = zoneOf(row);
  show(row, "waiting");
  const queue = (queues.get(zone) ?? Promise.resolve()).then(() => run(row, zone));
  queues.set(zone, queue);
}

async function run(row, zone) {
  if (!row.isConnected) return;
  const job = jobs.get(row);
  const stopper = new AbortController();
  Object.assign(job, {
    signal: stopper.signal,
    stop: () => stopper.abort(),
    onTicket: (ticket) => remember(job.file, ticket.status_url),
    onShare: (share) => {
      if (row.dataset.state !== "sending") show(row, "sending");
      showShare(row, share);
    },
    onPause: () => {
      show(row, "paused");
      say(zone, words(zone, "textPaused"));
    },
    onChecking: () => show(row, "checking"),
  });
  show(row, "sending");
  try {
    join(row, await send(job));
    say(zone, words(zone, "textArrived", { name: job.file.name }));
  } catch (error) {
    fail(row, zone, job, error);
  }
  release(zone);
}

function fail(row, zone, job, error) {
  if (error.name === "AbortError") return;
  if (error instanceof Cut) show(row, "failed");
  else {
    forget(job.url);
    const text = error.status === 401 ? zone.dataset.textSession : error.message;
    show(row, "refused", text || zone.dataset.textFailed);
  }
  say(zone, `${job.file.name} : ${one("[data-state-text]", row).textContent}`);
}

function remove(row) {
  const zone = zoneOf(row);
  const job = jobs.get(row);
  const url = row.dataset.url || job?.url;
  job?.stop?.();
  row.remove();
  if (url) {
    forget(url);
    giveUp(url);
  }
  one("[type=file]", zone).focus();
  release(zone);
}

// A form sent while its files are on their way leaves by itself when they have all arrived.
function release(zone) {
  const form = zone.closest("form");
  if (!held.has(form) || isBusy(zone)) return;
  const button = held.get(form);
  held.delete(form);
  button?.removeAttribute("aria-busy");
  if (rowsOf(zone).some(({ dataset }) => ["failed", "refused"].includes(dataset.state))) {
    say(zone, words(zone, "textLook"));
  } else form.requestSubmit(button);
}

// What was on its way when the page was left.
async function restore(zone) {
  const joined = new Set(all("[name=uploads]", zone).map(({ value }) => value));
  for (const { url, name } of ofThisPage()) {
    const ticket = await statusOf(url).then(checked).catch(() => ({ state: "unknown" }));
    if (joined.has(ticket.id) || ticket.state === "unknown") continue;
    if (ticket.state === "ready") join(newRow(zone, name), ticket);
    else if (ticket.state === "expected" && ticket.offset > 0) showCut(zone, name, url, ticket);
    else forget(url);
  }
}

// All of it had arrived, but nobody had said so.
const checked = (ticket) =>
  ticket.state === "expected" && ticket.offset === ticket.size ? finish(ticket) : ticket;

function showCut(zone, name, url, { offset, size }) {
  const row = newRow(zone, name);
  row.dataset.url = url;
  const share = `${Math.floor((100 * offset) / size)}\u00a0%`;
  show(row, "again", words(zone, "textAgain", { share }));
}

function setUp() {
  for (const zone of all(`${ZONE}:not([data-ready])`)) {
    zone.dataset.ready = "yes";
    for (const part of all("[data-drop-only]", zone)) part.hidden = false;
    if (zone.closest("form")) restore(zone);
  }
}

// The form took its files: they are no longer this page's.
function settle(form) {
  for (const row of all("[data-upload]", form)) {
    if (row.dataset.state !== "done") continue;
    forget(row.dataset.url);
    row.remove();
  }
}

addEventListener(
  "submit",
  (event) => {
    if (event.target.matches("[data-sign-out]")) forgetAll();
    const zone = one(ZONE, event.target);
    if (!zone || !isBusy(zone)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    held.set(event.target, event.submitter);
    event.submitter?.setAttribute("aria-busy", "true");
    say(zone, words(zone, "textHeld"));
  },
  true,
);

function takeFrom(input) {
  const zone = zoneOf(input);
  if (!zone || !input.files.length) return;
  add(zone, [...input.files]);
  input.value = ""; // nothing is sent twice, and the same file may be chosen again
}

document.addEventListener("change", ({ target }) => {
  if (target.matches?.("[type=file]")) takeFrom(target);
});

document.addEventListener("click", ({ target }) => {
  const row = target.closest?.("[data-upload]");
  if (!row) return;
  if (target.closest("[data-remove]")) remove(row);
  if (target.closest("[data-retry]")) enqueue(row);
});

for (const type of ["dragenter", "dragover", "dragleave", "drop"]) {
  document.addEventListener(type, (event) => {
    const zone = event.target.closest?.(ZONE);
    if (!zone || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    zone.toggleAttribute("data-over", type === "dragenter" || type === "dragover");
    if (type === "drop") add(zone, [...event.dataTransfer.files]);
  });
}

document.addEventListener("paste", (event) => {
  const form = event.target.closest?.("form");
  const zone = form && one(ZONE, form);
  if (!zone || !event.clipboardData?.files.length) return;
  event.preventDefault();
  add(zone, [...event.clipboardData.files]);
});

document.addEventListener("nx:sent", ({ target }) => settle(target));
document.addEventListener("htmx:after:request", ({ detail }) => {
  const { response, sourceElement } = detail.ctx ?? {};
  if (response?.status < 300 && sourceElement?.matches?.("form")) settle(sourceElement);
});
document.addEventListener("htmx:after:swap", setUp);
setUp();
for (const input of all(`${ZONE} [type=file]`)) takeFrom(input); // chosen before we were there
