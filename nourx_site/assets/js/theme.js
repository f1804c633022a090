// Applies the chosen theme at once, and tells the server, which remembers it.
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!form.matches("[data-theme-form]")) return;
    const choice = event.submitter?.value;
    if (choice === undefined) return;
    event.preventDefault();
    if (choice === "") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = choice;
    const menu = form.closest("details");
    if (menu) menu.open = false;
    const body = new FormData(form, event.submitter);
    fetch(form.getAttribute("action"), { method: "POST", body }).catch(() => {}); // this page has it
  },
  true,
);
