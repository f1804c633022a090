// What a page asks by itself, a fresh look (nx:live) or a suggestion (data-aside), leads nobody off
// the page: once the session is over, words that were typed stay until they are sent.
import { all } from "./dom.js";

const TYPED = "textarea, input:not([type=hidden], [type=checkbox], [type=radio])";
const hasWords = () => all(TYPED).some(({ value, defaultValue }) => value !== defaultValue);

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  if (ctx.sourceEvent?.type === "nx:live" || "aside" in (ctx.sourceElement?.dataset ?? {})) {
    ctx.request.headers["X-Aside"] = "1";
  }
});

document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  const isOver = ctx?.response?.status === 401 && ctx.request.headers["X-Aside"];
  if (isOver && !hasWords()) location.reload(); // to the sign-in, and back here
});
