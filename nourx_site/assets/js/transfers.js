// Sends one file, in pieces to us or straight to the bucket, and goes on after the link was cut.
//
// The server is asked where it stands before each try, so that nothing is sent twice:
//   POST prepare            name, size, client → a ticket {id, mode, url, offset, finish_url, …}
//   GET /…/<id>/            the ticket again
//   PATCH url               the bytes from Upload-Offset on → {offset}, or 409 {offset}
//   POST url (mode "form")  the fields of the ticket and the file, to the bucket
//   POST finish_url         checked: the ticket with state "ready"
const PIECES = { first: 256 * 1024, least: 64 * 1024, most: 1536 * 1024 };
const PIECE_TIME = { short: 1500, long: 6000 }; // ms
const PATIENCE = 60_000; // ms without an answer
const MOST_TRIES = 6; // in a row without progress, while the device says it is online
const OVER = ["cancelled", "taken"];

// The server has said no; its words are for people.
export class Refusal extends Error {}
// Nobody answers, or not as they should.
export class Cut extends Error {}

function headers() {
  const usual = document.body.getAttribute("hx-headers:inherited");
  return { ...JSON.parse(usual ?? "{}"), Accept: "application/json", "X-Outbox": "1" };
}

// Gives the status and what was answered; fetch tells no progress of what it sends.
function request(method, url, { body = null, extra, signal, onSent } = {}) {
  return new Promise((done, fail) => {
    if (signal?.aborted) return fail(new DOMException("", "AbortError"));
    const xhr = new XMLHttpRequest();
    const stop = () => xhr.abort();
    signal?.addEventListener("abort", stop, { once: true });
    xhr.onloadend = () => signal?.removeEventListener("abort", stop);
    xhr.onload = () => done({ status: xhr.status, answer: read(xhr.responseText) });
    xhr.onerror = xhr.ontimeout = () => fail(new Cut());
    xhr.onabort = () => fail(new DOMException("", "AbortError"));
    if (onSent) xhr.upload.onprogress = ({ loaded }) => onSent(loaded);
    xhr.open(method, url);
    xhr.timeout = onSent ? 0 : PATIENCE;
    for (const [name, value] of Object.entries(extra ?? {})) xhr.setRequestHeader(name, value);
    xhr.send(body);
  });
}

function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

async function ask(method, url, { fields, ...options } = {}) {
  const body = options.body ?? (fields && new URLSearchParams(fields));
  const extra = { ...headers(), ...options.extra };
  const { status, answer } = await request(method, url, { ...options, body, extra });
  if (status < 300 || status === 404 || status === 409) return { status, ...answer };
  if (status === 0 || (status >= 500 && status !== 507)) throw new Cut();
  throw Object.assign(new Refusal(answer.error ?? ""), { status });
}

export const statusOf = (url) => ask("GET", url);
export const giveUp = (url) => ask("DELETE", url).catch(() => {}); // forgotten within a day anyway

async function ticketOf(job) {
  if (job.url) {
    const ticket = await ask("GET", job.url, { signal: job.signal });
    if (ticket.state === "refused") throw new Refusal(ticket.error);
    if (ticket.id && ticket.size === job.file.size && !OVER.includes(ticket.state)) return ticket;
  }
  const { name, size } = job.file;
  const fields = { name, size, ...(job.client && { client: job.client }) };
  const ticket = await ask("POST", job.prepare, { fields, signal: job.signal });
  if (!ticket.id) throw new Refusal("");
  job.url = ticket.status_url;
  job.onTicket(ticket);
  return ticket;
}

async function sendPieces(ticket, job) {
  const { file, signal } = job;
  let { offset } = ticket;
  let length = PIECES.first;
  while (offset < file.size) {
    const started = performance.now();
    const answer = await ask("PATCH", ticket.url, {
      body: file.slice(offset, offset + length),
      extra: { "Upload-Offset": offset, "Content-Type": "application/offset+octet-stream" },
      signal,
      onSent: (sent) => job.onShare(Math.min(offset + sent, file.size) / file.size),
    });
    if (answer.offset === undefined) throw new Cut(); // it was given up elsewhere: start again
    if (answer.offset > offset) job.tries = 0;
    offset = answer.offset;
    length = nextLength(length, performance.now() - started);
  }
}

// A piece takes a few seconds: little is lost by a cut, little time by waiting for answers.
function nextLength(length, elapsed) {
  if (elapsed < PIECE_TIME.short) return Math.min(length * 2, PIECES.most);
  return elapsed > PIECE_TIME.long ? Math.max(length / 2, PIECES.least) : length;
}

async function sendForm(ticket, job) {
  const body = new FormData();
  for (const [name, value] of Object.entries(ticket.fields)) body.append(name, value);
  body.append("file", job.file);
  const onSent = (sent) => job.onShare(Math.min(sent / job.file.size, 1));
  const { status } = await request("POST", ticket.url, { body, signal: job.signal, onSent });
  if (status >= 300) throw new Cut(); // a form lives ten minutes: the next try gets another
}

async function tryOnce(job) {
  const ticket = await ticketOf(job);
  if (ticket.state === "ready") return ticket;
  if (ticket.mode === "pieces") await sendPieces(ticket, job);
  else if (ticket.offset < job.file.size) await sendForm(ticket, job);
  job.onChecking();
  return finish(ticket, job.signal);
}

export async function finish(ticket, signal) {
  const done = await ask("POST", ticket.finish_url, { signal });
  if (done.state !== "ready") throw new Cut();
  return done;
}

// job: {file, prepare, client, url, signal, onTicket, onShare, onPause, onChecking}.
export async function send(job) {
  for (job.tries = 0; ; ) {
    try {
      return await tryOnce(job);
    } catch (error) {
      if (!(error instanceof Cut)) throw error;
      if (navigator.onLine && ++job.tries >= MOST_TRIES) throw error;
      job.onPause();
      await backAgain(job);
    }
  }
}

function backAgain({ signal, tries }) {
  const { promise, resolve, reject } = deferred();
  const stop = () => reject(new DOMException("", "AbortError"));
  const timer = navigator.onLine && setTimeout(resolve, 1000 * 2 ** tries);
  addEventListener("online", resolve, { once: true });
  signal.addEventListener("abort", stop, { once: true });
  return promise.finally(() => {
    clearTimeout(timer);
    removeEventListener("online", resolve);
    signal.removeEventListener("abort", stop);
  });
}

function deferred() {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}
