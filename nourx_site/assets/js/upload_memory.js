// Remembers on the device which files were on their way from which page, for a day: after a
// reload what arrived is joined again, and choosing a file again goes on where it was cut.
const KEY = "nx:uploads";
const KEPT_FOR = 24 * 3600 * 1000; // ms, as on the server

function use(change) {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    const fresh = kept.filter(({ at }) => Date.now() - at < KEPT_FOR);
    const next = change(fresh);
    if (next) localStorage.setItem(KEY, JSON.stringify(next));
    return fresh;
  } catch {
    return []; // storage is refused in some private windows: nothing is resumed, no harm
  }
}

const isHere = ({ page, person }) =>
  page === location.pathname && person === document.body.dataset.person;

export const printOf = ({ name, size, lastModified }) => `${name}|${size}|${lastModified}`;
export const ofThisPage = () => use(() => null).filter(isHere);
export const urlFor = (file) => ofThisPage().find(({ print }) => print === printOf(file))?.url;
export const forget = (url) => use((kept) => kept.filter((row) => row.url !== url));
export const forgetAll = () => use(() => []);

export function remember(file, url) {
  const { person } = document.body.dataset;
  const row = { url, person, page: location.pathname, name: file.name, print: printOf(file) };
  use((kept) => [...kept.filter((each) => each.url !== url), { ...row, at: Date.now() }]);
}
