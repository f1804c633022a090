// Keeps what is shown true without a reload. An element says what it shows, and how to read itself:
//   data-live="tasks"  or  data-live="tickets:12"   with hx-get, hx-swap and hx-trigger="nx:live".
// The server's stream names what changed, never the change. Only a visible page listens; when the
// stream cannot be had, the page looks for itself from time to time.
import { all, one } from "./dom.js";

const STREAM = "/client/direct/";
const GATHERING = 250; // ms in which several changes make one reading
const LOOKING = 30_000; // ms between two looks without a stream
const RETRYING = 120_000; // ms before a refused stream is asked for again
const BUSY = 1_000; // ms before an element in use is tried again

const stale = new Set();
let stream = null;
let looking = 0;
let gathering = 0;
let hasOpened = false;

const inUse = (element) =>
  one("details[data-menu][open], .sortable-chosen, .slot", element) ||
  (element.contains(document.activeElement) &&
    document.activeElement.matches("textarea, select, input:not([type=checkbox], [type=submit])"));

function refresh() {
  gathering = 0;
  if (document.hidden) return; // it waits until somebody looks
  for (const element of stale) {
    if (!element.isConnected) stale.delete(element);
    else if (!inUse(element)) {
      stale.delete(element);
      window.htmx?.trigger(element, "nx:live");
    }
  }
  if (stale.size) gathering = setTimeout(refresh, BUSY);
}

function note(elements) {
  for (const element of elements) stale.add(element);
  if (stale.size && !gathering) gathering = setTimeout(refresh, GATHERING);
}

const everything = () => all("[data-live]");

function concerned({ topic, row }) {
  if (topic === "*") return everything();
  return everything().filter(({ dataset }) =>
    dataset.live
      .split(" ")
      .some((name) => name === topic || name === `${topic}:${row}` || (!row && name.startsWith(`${topic}:`))),
  );
}

function look() {
  if (!looking) looking = setInterval(() => note(everything()), LOOKING);
}

function lookNoMore() {
  clearInterval(looking);
  looking = 0;
}

function close() {
  stream?.close();
  stream = null;
}

function giveUp() {
  close();
  look();
  setTimeout(listen, RETRYING);
}

function listen() {
  if (stream || document.hidden || !everything().length) return;
  if (navigator.connection?.saveData || !("EventSource" in window)) {
    look();
    return;
  }
  stream = new EventSource(`${STREAM}?depuis=${hasOpened ? "" : document.body.dataset.at}`);
  stream.addEventListener("open", () => {
    lookNoMore();
    if (hasOpened) note(everything()); // what happened while nobody listened
    hasOpened = true;
  });
  stream.addEventListener("change", ({ data }) => note(concerned(JSON.parse(data))));
  stream.addEventListener("away", giveUp);
  stream.addEventListener("error", () => {
    if (stream?.readyState === EventSource.CLOSED) giveUp();
  });
}

document.addEventListener("nx:changed", () => note(everything()));
document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    close();
    lookNoMore();
    return;
  }
  note(stale);
  listen();
});
addEventListener("pagehide", close);
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) note(everything());
  setTimeout(listen, 500); // after what the page itself needs
});
document.addEventListener("htmx:after:swap", listen); // the first live element may come by a swap
