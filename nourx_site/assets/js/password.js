// Shows what was typed in a password field, for as long as the person wants.
import { all, one } from "./dom.js";

for (const button of all("[data-reveal]")) {
  const input = one("input", button.parentElement);
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
  });
  // A browser keeps what was typed as text among its suggestions.
  input.form?.addEventListener("submit", () => {
    input.type = "password";
  });
}
