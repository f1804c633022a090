// button[data-copy="id"] copies what the field of this id holds, and says data-done: in its own
// span, or as a toast. Without JavaScript the field is read-only text that people copy by hand.
import { all, one } from "./dom.js";
import { toast } from "./toasts.js";

async function copy(field) {
  field.select();
  if (!navigator.clipboard) return document.execCommand("copy");
  return navigator.clipboard.writeText(field.value).then(
    () => true,
    () => document.execCommand("copy"),
  );
}

for (const button of all("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  if (!field) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (!(await copy(field))) return;
    const words = one("span", button);
    if (words) words.textContent = button.dataset.done;
    else toast(button.dataset.done);
  });
}
