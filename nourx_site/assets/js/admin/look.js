// The colour of the house is seen on what it changes while it is chosen.
const form = document.querySelector("[data-look-form]");
const preview = form?.querySelector("[data-look-preview]");
let asked = 0;

async function show(colour) {
  const turn = ++asked;
  const answer = await fetch(`?apercu=1&couleur=${encodeURIComponent(colour)}`, {
    headers: { "X-Requested-With": "XMLHttpRequest" },
  });
  if (answer.ok && turn === asked) preview.innerHTML = await answer.text();
}

let wait;
form?.querySelector("[data-look=accent]")?.addEventListener("input", (event) => {
  clearTimeout(wait);
  wait = setTimeout(() => show(event.target.value), 150);
});
