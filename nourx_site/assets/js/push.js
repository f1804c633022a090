// Notices on this device: asked for by a button, remembered by the server, forgotten at sign-out.
import { all, one } from "./dom.js";

const CAN = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

// The browser reads its own data only; the name is for the person's list of devices.
function deviceName() {
  const agent = navigator.userAgent;
  const browser = ["Edg", "OPR", "Firefox", "Chrome", "Safari"].find((name) => agent.includes(`${name}/`));
  const system = ["Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux"].find((name) => agent.includes(name));
  const names = { Edg: "Edge", OPR: "Opera", "Mac OS": "Mac" };
  return [names[browser] ?? browser, names[system] ?? system].filter(Boolean).join(" · ");
}

async function currentDevice() {
  const worker = await navigator.serviceWorker.getRegistration();
  return worker?.pushManager?.getSubscription() ?? null;
}

async function addDevice(box) {
  const worker = await navigator.serviceWorker.ready;
  await (await currentDevice())?.unsubscribe(); // it may hold a former key of ours
  const device = await worker.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: box.dataset.push,
  });
  const { endpoint, keys } = device.toJSON();
  const answer = await fetch(box.dataset.pushUrl, {
    method: "POST",
    headers: { "X-CSRFToken": one("[name=csrfmiddlewaretoken]").value },
    body: new URLSearchParams({ endpoint, ...keys, device: deviceName() }),
  });
  if (!answer.ok) {
    await device.unsubscribe();
    throw new Error(String(answer.status));
  }
}

function say(box, what) {
  for (const text of all("[data-push-here], [data-push-blocked], [data-push-failed]", box)) text.hidden = true;
  const text = one(`[data-push-${what}]`, box);
  if (text) text.hidden = false;
}

async function turnOn(box, button) {
  button.disabled = true;
  try {
    if ((await Notification.requestPermission()) !== "granted") return say(box, "blocked");
    await addDevice(box);
    location.reload(); // the list of devices, and the column of choices
  } catch {
    say(box, "failed");
  } finally {
    button.disabled = false;
  }
}

const box = one("[data-push]");
if (box && CAN) {
  const button = one("[data-push-on]", box);
  box.hidden = false;
  button.addEventListener("click", () => turnOn(box, button));
  currentDevice().then((device) => {
    if (!all("[data-push-device]").some(({ dataset }) => dataset.pushDevice === device?.endpoint)) return;
    button.hidden = true;
    say(box, "here");
  });
}

// Whoever signs in next on this device must not read the notices of who left.
document.addEventListener("submit", ({ target }) => {
  if (CAN && target.matches("[data-sign-out]")) currentDevice().then((device) => device?.unsubscribe());
});
