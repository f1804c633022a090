// A form says in whose space it was drawn: once the person has gone to another, in a second window,
// the server refuses it.
import { one } from "./dom.js";

const { space } = document.body.dataset;
if (space) {
  document.addEventListener(
    "submit",
    ({ target }) => {
      const isOurs = new URL(target.action, location.href).origin === location.origin;
      if (target.method !== "post" || !isOurs || one("[name=espace]", target)) return;
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: "espace", value: space });
      target.append(field);
    },
    true,
  );
}
