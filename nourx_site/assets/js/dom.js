// Short names for looking into the page.
export const one = (selector, root = document) => root.querySelector(selector);
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];
export const copyOf = (id) => one(`#${id}`).content.firstElementChild.cloneNode(true);
export const textOf = (id) => one(`#${id}`)?.content.textContent.trim() ?? "";
