// Short answers in one live region, asked by the server: HX-Trigger: {"nx:toast": "…"}.
import { copyOf, one } from "./dom.js";

const SHOWN_FOR = 7000;

export function toast(text, tone = "") {
  const region = one("#toasts");
  if (!region || !text) return;
  const item = copyOf("tpl-toast");
  one("[data-text]", item).textContent = text;
  item.dataset.tone = tone;
  region.append(item);
  const leave = () => (item.matches(":hover, :focus-within") ? later() : item.remove());
  const later = () => setTimeout(leave, SHOWN_FOR);
  later();
}

addEventListener("nx:toast", ({ detail }) => toast(detail.value ?? detail.text, detail.tone));
document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-close-toast]")) target.closest(".toast").remove();
});
