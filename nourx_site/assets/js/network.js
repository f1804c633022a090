// Says when the device is offline, and when a request of htmx failed.
import { one, textOf } from "./dom.js";
import { toast } from "./toasts.js";

function showNetwork() {
  const band = one("#offline");
  if (band) band.hidden = navigator.onLine;
}

addEventListener("online", showNetwork);
addEventListener("offline", showNetwork);
showNetwork();

document.addEventListener("htmx:error", ({ detail }) => {
  if (detail.error?.name !== "AbortError") toast(textOf("tpl-network-error"), "bad");
});
document.addEventListener("htmx:response:error", ({ detail }) => {
  if (detail.ctx?.response?.status >= 500) toast(textOf("tpl-server-error"), "bad");
});

const { serviceWorker } = document.body.dataset;
if (serviceWorker && "serviceWorker" in navigator) {
  navigator.serviceWorker.register(serviceWorker).catch(() => {}); // a comfort, never a need
}
