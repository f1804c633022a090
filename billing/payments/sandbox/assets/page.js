/* The pages work without this: it only spares the payer a click and a reload. */
(() => {
  document.documentElement.classList.add("js");
  const { stage, state } = document.body.dataset;
  const form = document.querySelector("form[data-submit-after]");

  if (form) {
    setTimeout(() => form.submit(), Number(form.dataset.submitAfter));
  }
  if (state) {
    setInterval(async () => {
      const answer = await fetch(state, { cache: "no-store" }).catch(() => null);
      if (answer?.ok && (await answer.json()).stage !== stage) location.reload();
    }, 1500);
  }
})();
