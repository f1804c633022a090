// How long an SMS is, and how many it makes, while it is written: the counting of core/notify/sms_text.py.
const BASIC =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const TWICE = "^{}\\[~]|€";
const PLAIN = {
  "’": "'", "‘": "'", "«": '"', "»": '"', "“": '"', "”": '"', "–": "-", "—": "-", "…": "...",
  "\u00a0": " ", "\u202f": " ", "\u2011": "-", "œ": "oe", "Œ": "OE", "·": "-", "ç": "c",
};

function plain(text) {
  return [...text.normalize("NFC")]
    .map((letter) => PLAIN[letter] ?? letter)
    .join("")
    .split("")
    .map((letter) => {
      if (BASIC.includes(letter) || TWICE.includes(letter)) return letter;
      const bare = letter.normalize("NFKD").replace(/\p{M}/gu, "");
      return [...bare].map((one) => (BASIC.includes(one) ? one : "?")).join("");
    })
    .join("");
}

function count(text) {
  const written = plain(text);
  const places = [...written].reduce((sum, one) => sum + (TWICE.includes(one) ? 2 : 1), 0);
  return { places, parts: places <= 160 ? 1 : Math.ceil(places / 153) };
}

const body = document.querySelector("[data-sms=body]");
const kind = document.querySelector("select[name=kind]");
if (body && kind) {
  const note = document.createElement("p");
  note.className = "nx-sms";
  note.setAttribute("role", "status");
  body.after(note);
  const tell = () => {
    const { places, parts } = count(body.value);
    note.hidden = kind.value !== "sms";
    note.textContent = `${places} caractères sans les variables remplies · ${parts} SMS`;
  };
  body.addEventListener("input", tell);
  kind.addEventListener("change", tell);
  tell();
}
