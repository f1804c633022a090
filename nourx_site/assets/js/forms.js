// A form is sent once: its button waits, and comes back if the page does.
import { all, one } from "./dom.js";

const isPost = (form) =>
  form.getAttribute("method")?.toLowerCase() === "post" && !form.hasAttribute("data-repeatable");
const isHtmx = (form) => form.matches("[hx-post], [hx-put], [hx-patch], [hx-delete]");

addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !isPost(form) || isHtmx(form)) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  const button = event.submitter ?? one("[type=submit], button:not([type])", form);
  if (!button) return;
  button.setAttribute("aria-busy", "true");
  // After this turn, or the browser would leave the button's own value out.
  setTimeout(() => button.setAttribute("aria-disabled", "true"));
});

function release() {
  for (const form of all("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of all("[aria-busy=true]", form)) {
      button.removeAttribute("aria-busy");
      button.removeAttribute("aria-disabled");
    }
  }
}

addEventListener("pageshow", release);
addEventListener("nx:release", release);

// A refused form puts the reader where the errors are told.
one("[data-error-summary]")?.focus();

// Filters apply as soon as they change.
addEventListener("change", ({ target }) => {
  const form = target.closest?.("form[data-auto-submit]");
  if (form) form.requestSubmit();
});

// What was typed into a search before htmx was there is searched as soon as it is.
addEventListener("DOMContentLoaded", () =>
  setTimeout(() => {
    for (const field of all("form[hx-get] input[type=search]")) {
      if (field.value !== field.defaultValue) {
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
    }
  }),
);
