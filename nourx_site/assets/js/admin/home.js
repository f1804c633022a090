// The home page looks again at what is new, while it is in view and nobody is in the middle of it.
import { one } from "../dom.js";

const part = () => one("[data-look-again]");
const isBusy = (element) => one("details[open]", element) || element.contains(document.activeElement);

async function look() {
  const shown = part();
  if (!shown || document.hidden || isBusy(shown)) return;
  try {
    const answer = await fetch(shown.dataset.lookAgain, {
      headers: { "X-Requested-With": "XMLHttpRequest" },
    });
    if (!answer.ok || answer.redirected || isBusy(shown)) return;
    shown.outerHTML = await answer.text();
  } catch {
    // the network is away: the next look tells
  }
}

if (part()) {
  setInterval(look, Number(part().dataset.lookEvery) * 1000);
  document.addEventListener("visibilitychange", look);
}
