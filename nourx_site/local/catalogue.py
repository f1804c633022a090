"""The English catalogue: what is said to clients, gathered from the sources, compiled.

    python -m nourx_site.local.catalogue            # gather, compile, tell how many are missing
    python -m nourx_site.local.catalogue --missing  # the French texts without English, as JSON
    python -m nourx_site.local.catalogue --fill F   # take English from a file {French: English}

French is the source language: the texts are the keys. Screens of the team are French only.
How languages work is told in docs/languages.md.
"""

import argparse
import ast
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib
from django.conf import settings
from django.utils.translation.template import templatize

from nourx_site.local.console import say
from nourx_site.local.places import ROOT

CATALOGUE = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
FOLDERS = ("core", "portal", "billing", "home", "templates")
OF_THE_TEAM = {  # names of folders and files
    "admin", "admin_screens", "admin_sections", "admin_actions", "backoffice", "screens",
    "wagtailadmin", "sandbox", "pdf", "management", "migrations",
    "crm", "staff_roles", "configuration", "gateways",
    "accounting", "analytics", "treasury", "sources", "method_screens",
    "deals", "desk", "inbox", "rules", "steering", "workload", "wagtailsnippets",
    "client_card", "desk_notices", "health", "home_hooks", "rule_facts", "sign_ins", "team_hooks",
    "team_tasks", "wagtail_hooks", "fields", "paper_fields", "project_money",
}  # fmt: skip
MAILS = ("templates", "mail")  # of every module: some of them go to clients
CALLS = {
    f"{name}{lazy}" for name in ("gettext", "ngettext", "pgettext", "npgettext")
    for lazy in ("", "_lazy", "_noop")
} | {"_"}  # fmt: skip
OPENING = re.compile(r"\b(?:n?p?gettext|_)\(")
HEADER = {
    "Project-Id-Version": "NOURX",
    "Language": "en",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}


@dataclass
class Text:
    """A text shown to people, and where."""

    msgid: str
    plural: str = ""
    context: str | None = None
    places: list[str] = field(default_factory=list)


def sources() -> list[Path]:
    """Return the files whose texts clients may read."""
    found = [
        path
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in (".py", ".html", ".txt") and not _is_of_the_team(path)
    ]
    return found


def _is_of_the_team(path: Path) -> bool:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[:2] != MAILS and bool(OF_THE_TEAM & set(parts))


def texts() -> dict[tuple[str | None, str], Text]:
    """Return every text of the sources, by context and French."""
    found: dict[tuple[str | None, str], Text] = {}
    for path in sources():
        for msgid, plural, context in texts_of(path):
            text = found.setdefault((context, msgid), Text(msgid, plural, context))
            text.plural = text.plural or plural
            text.places.append(path.relative_to(ROOT).as_posix())
    return found


def texts_of(path: Path) -> Iterator[tuple[str, str, str | None]]:
    """Give the texts of a file of code or of a template: French, French plural, context."""
    calls = _calls_of_code if path.suffix == ".py" else _calls_of_template
    for call in calls(path):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        if name not in CALLS:
            continue
        words = [each.value for each in call.args if isinstance(each, ast.Constant)]
        context = str(words.pop(0)) if "pgettext" in name and words else None
        if words and isinstance(words[0], str) and words[0]:
            plural = words[1] if name.startswith("n") and len(words) > 1 else ""
            yield words[0], str(plural), context


def _calls_of_code(path: Path) -> Iterator[ast.Call]:
    nodes = ast.walk(ast.parse(path.read_text()))
    return (node for node in nodes if isinstance(node, ast.Call))


def _calls_of_template(path: Path) -> Iterator[ast.Call]:
    """Give the calls that Django makes of a template's tags, for tools such as this one."""
    code = templatize(path.read_text(), origin=str(path))
    for found in OPENING.finditer(code):
        for end in (match.end() for match in re.finditer(r"\)", code[found.start() :])):
            try:
                tree = ast.parse(code[found.start() : found.start() + end].strip(), mode="eval")
            except SyntaxError:
                continue  # this parenthesis was part of the text
            if isinstance(tree.body, ast.Call):
                yield tree.body
            break


def read() -> polib.POFile:
    """Return the catalogue as it is kept, or an empty one."""
    if CATALOGUE.exists():
        return polib.pofile(str(CATALOGUE), wrapwidth=100)
    catalogue = polib.POFile(wrapwidth=100)
    catalogue.metadata = dict(HEADER)
    return catalogue


def update() -> polib.POFile:
    """Put new texts in the catalogue, take away those no source says, and return it."""
    known = {(entry.msgctxt, entry.msgid): entry for entry in read()}
    fresh = polib.POFile(wrapwidth=100)
    fresh.metadata = dict(HEADER)
    for key, text in sorted(texts().items(), key=lambda row: (row[1].places[0], row[1].msgid)):
        entry = known.get(key) or polib.POEntry(msgid=text.msgid, msgctxt=text.context)
        entry.occurrences = [(place, "") for place in dict.fromkeys(text.places)]
        entry.msgid_plural = text.plural
        if text.plural and not entry.msgstr_plural:
            entry.msgstr_plural = {0: "", 1: ""}
        entry.flags = ["python-format"] if "%(" in text.msgid else []
        fresh.append(entry)
    return fresh


def keep(catalogue: polib.POFile) -> None:
    """Write the catalogue, and the file that Django reads."""
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(CATALOGUE))
    catalogue.save_as_mofile(str(CATALOGUE.with_suffix(".mo")))


def missing(catalogue: polib.POFile) -> list[polib.POEntry]:
    """Return the texts without English."""
    return [entry for entry in catalogue if not entry.translated()]


def fill(catalogue: polib.POFile, given: dict[str, str | list[str]]) -> None:
    """Take translations: a text, or [singular, plural]."""
    for entry in catalogue:
        said = given.get(entry.msgid)
        if said is None or (entry.msgctxt and entry.translated()):
            continue  # a text with a context keeps the English chosen for it
        if entry.msgid_plural:
            entry.msgstr_plural = dict(enumerate([said, said] if isinstance(said, str) else said))
        else:
            entry.msgstr = said if isinstance(said, str) else said[0]


def main() -> int:
    """Bring the catalogue up to date; return 1 when some text has no English."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--missing", action="store_true")
    parser.add_argument("--fill", type=Path)
    asked = parser.parse_args()
    if not settings.configured:
        settings.configure(USE_I18N=False)
    catalogue = update()
    if asked.fill:
        fill(catalogue, json.loads(asked.fill.read_text()))
    keep(catalogue)
    left = missing(catalogue)
    if asked.missing:
        rows = [[row.msgid, row.msgid_plural] if row.msgid_plural else row.msgid for row in left]
        say(json.dumps(rows, ensure_ascii=False, indent=0))
    else:
        say(f"{len(catalogue)} texts, {len(left)} without English")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
