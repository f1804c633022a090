"""Leaving out of an answer what it quotes: the words that are new, and those alone."""

import re

QUOTED = re.compile(
    r"""(?xim)
    ^[ \t]*(?:
        -{2,}\s*(?:message\s+d.origine|original\s+message|message\s+transf).*
      | (?:le|on)\s.{4,200}?(?:a\s+écrit|wrote)\s*:\s*$
      | (?:de|from)\s*:.+\n(?:.*\n){0,3}?[ \t]*(?:envoyé|sent|date|à|to)\s*:.*
      | _{10,}\s*$
      | (?:répondez\s+au-dessus\s+de\s+cette\s+ligne|reply\s+above\s+this\s+line).*
    )"""
)
SPLIT_HEAD = re.compile(
    r"(?im)^([ \t]*(?:le|on)\s[^\n]{4,150})\n([^\n]{0,100}(?:a\s+écrit|wrote)\s*:)"
)
SIGNATURE = re.compile(r"(?m)^-- \n")


def new_words(text: str) -> str:
    """Return an answer without what it quotes; the whole text when nothing else would be left."""
    joined = SPLIT_HEAD.sub(r"\1 \2", text)
    cut = QUOTED.search(joined)
    kept = joined[: cut.start()] if cut else joined
    kept = SIGNATURE.split(kept)[0]
    lines = kept.rstrip().split("\n")
    while lines and (not lines[-1].strip() or lines[-1].lstrip().startswith(">")):
        lines.pop()
    return "\n".join(lines).strip() or text.strip()
