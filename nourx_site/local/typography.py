"""French typography: the spaces that no line may break, before : ; ? ! » and after «.

    python -m nourx_site.local.typography

Sources are typed with plain spaces, which are also the keys of the English catalogue. This makes,
from the same texts, a French catalogue that says them as they are printed. It is never edited.
The tests run without it, so that they quote texts as the sources have them.
"""

import re
import sys

import polib

from nourx_site.local import catalogue
from nourx_site.local.console import say
from nourx_site.local.places import ROOT

FILE = ROOT / "nourx_site" / "typography" / "fr" / "LC_MESSAGES" / "django.mo"
FIXED_SPACE, NARROW_SPACE = "\u00a0", "\u202f"
HEADER = {**catalogue.HEADER, "Language": "fr"}


def printed(text: str) -> str:
    """Return a French text with the spaces that printers use around its marks."""
    text = re.sub(r"(?<=\S) (?=[;!?](?:\W|$))", NARROW_SPACE, text)
    text = re.sub(r"(?<=\S) (?=:(?:\s|$)|»)", FIXED_SPACE, text)
    return re.sub(r"(?<=«) ", FIXED_SPACE, text)


def catalogue_of_spaces() -> polib.POFile:
    """Return the texts of the sources, the team's too, that printing changes."""
    found: dict[tuple[str | None, str], str] = {}
    for folder in catalogue.FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".py", ".html", ".txt"):
                for text, plural, context in catalogue.texts_of(path):
                    found[context, text] = plural or found.get((context, text), "")
    spaces = polib.POFile()
    spaces.metadata = dict(HEADER)
    for (context, text), plural in sorted(found.items(), key=lambda row: (row[0][1], str(row[0]))):
        said, said_of_many = printed(text), printed(plural)
        if (said, said_of_many) != (text, plural):
            entry = polib.POEntry(msgid=text, msgid_plural=plural, msgctxt=context)
            if plural:
                entry.msgstr_plural = {0: said, 1: said_of_many}
            else:
                entry.msgstr = said
            spaces.append(entry)
    return spaces


def main() -> int:
    """Write the catalogue that Django reads."""
    spaces = catalogue_of_spaces()
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_bytes(spaces.to_binary())
    say(f"{len(spaces)} texts with their French spaces")
    return 0


if __name__ == "__main__":
    sys.exit(main())
