// Sends files straight to the storage, one at a time, with real progress and a way to stop.
// Without JavaScript the same form sends its file to its own address.
//
// form[data-prepare] asks there first: POST name, size, type → {url, fields, finish_url}, or
// {error} with a 4xx. Then the storage gets the file, then finish_url is told. The page is read
// again once every file has arrived.
import { all, copyOf, one, textOf } from "./dom.js";

async function answerOf(response) {
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error || textOf("tpl-server-error"));
  return answer;
}

function post(address, values, form) {
  const body = new FormData();
  for (const [name, value] of Object.entries(values)) body.append(name, value);
  body.append("csrfmiddlewaretoken", one("[name=csrfmiddlewaretoken]", form).value);
  return fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
}

// fetch tells no progress of what it sends.
function store({ url, fields }, file, row) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  body.append("file", file);
  return new Promise((done, refuse) => {
    const request = new XMLHttpRequest();
    request.upload.onprogress = ({ loaded, total }) => showShare(row, loaded / total);
    request.onload = () =>
      request.status < 300 ? done() : refuse(new Error(textOf("tpl-server-error")));
    request.onerror = () => refuse(new Error(textOf("tpl-network-error")));
    request.onabort = () => refuse(new DOMException("", "AbortError"));
    one("[data-cancel]", row).onclick = () => request.abort();
    request.open("POST", url);
    request.send(body);
  });
}

function showShare(row, share) {
  const percent = Math.round(share * 100);
  one("progress", row).value = percent;
  one("[data-share]", row).textContent = `${percent}\u00a0%`;
}

function rowFor(file, form) {
  const row = copyOf("tpl-upload");
  one("[data-name]", row).textContent = file.name;
  one("[data-kind]", row).textContent = file.name.split(".").pop().slice(0, 4).toUpperCase();
  one("progress", row).setAttribute("aria-label", file.name);
  one("[data-uploads]", form.parentElement).append(row);
  return row;
}

async function send(file, form) {
  const row = rowFor(file, form);
  try {
    const { name, size, type } = file;
    const ticket = await answerOf(await post(form.dataset.prepare, { name, size, type }, form));
    await store(ticket, file, row);
    await answerOf(await post(ticket.finish_url, {}, form));
    row.dataset.done = "yes";
    return true;
  } catch (error) {
    if (error.name === "AbortError") row.remove();
    else showRefusal(row, error.message);
    return false;
  }
}

function showRefusal(row, text) {
  one("[data-refusal]", row).textContent = text;
  one("progress", row).hidden = true;
  one("[data-share]", row).hidden = true;
  one("[data-cancel]", row).onclick = () => row.remove();
}

async function sendAll(files, form) {
  const arrived = [];
  for (const file of files) arrived.push(await send(file, form)); // a slow link: one by one
  if (arrived.length && arrived.every(Boolean)) location.reload();
}

for (const form of all("form[data-prepare]")) {
  const input = one("[type=file]", form);
  one("[type=submit]", form).hidden = true;
  input.multiple = true;
  input.addEventListener("change", () => {
    sendAll([...input.files], form);
    input.value = "";
  });
  for (const type of ["dragenter", "dragover", "dragleave", "drop"]) {
    form.addEventListener(type, (event) => {
      event.preventDefault();
      form.toggleAttribute("data-over", type === "dragenter" || type === "dragover");
      if (type === "drop") sendAll([...event.dataTransfer.files], form);
    });
  }
}
