// button[data-nx-copy="id"] copies what the field of this id holds, and says data-done for a moment.
// Without JavaScript the field is read-only text that people copy by hand.
const SHOWN = 2500;

async function copy(field) {
  field.select();
  if (!navigator.clipboard) return document.execCommand("copy");
  return navigator.clipboard.writeText(field.value).then(
    () => true,
    () => document.execCommand("copy"),
  );
}

for (const button of document.querySelectorAll("[data-nx-copy]")) {
  const field = document.getElementById(button.dataset.nxCopy);
  if (!field) continue;
  const words = button.textContent;
  button.hidden = false;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    if (!(await copy(field))) return;
    button.textContent = button.dataset.done;
    setTimeout(() => {
      button.textContent = words;
    }, SHOWN);
  });
}
