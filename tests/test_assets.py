"""The built design system is committed: it must be the one the sources and templates ask for."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "nourx_site" / "assets"
BUILT = ROOT / "nourx_site" / "static" / "nourx"
TEMPLATES = ROOT / "templates"
# Folders styled elsewhere: mails and PDFs, the admin, and pages that imitate another site.
NOT_OURS = {
    "mail",
    "pdf",
    "wagtailadmin",
    "admin",
    "backoffice",
    "crm",
    "deals",
    "inbox",
    "steering",
    "wagtailsnippets",
    "workload",
    "sandbox",
    "analytics",
    "treasury",
}
REBUILD = "The committed build is stale: run `make assets`."
TAG = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.S)
CLASSES = re.compile(r'\bclass="([^"]*)"')
DRAWN_WITH_CLASSES = re.compile(r"\{%\s*(?:icon|glyph)\s+\S+\s+\"([^\"]*)\"")


def manifest():
    return json.loads((BUILT / "build.json").read_text())


def hashes(root, skipped=()):
    files = [path for path in sorted(root.rglob("*")) if path.is_file()]
    names = {path.relative_to(root).as_posix(): path for path in files}
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in names.items()
        if not name.startswith(("node_modules/", ".")) and name not in skipped
    }


def portal_templates():
    return [
        path
        for path in sorted(TEMPLATES.rglob("*.html"))
        if NOT_OURS.isdisjoint(path.relative_to(TEMPLATES).parts)
    ]


def classes_of(source):
    """Return the class names a template spells out; those made of variables are left aside."""
    found = " ".join(DRAWN_WITH_CLASSES.findall(source))
    found += " " + " ".join(CLASSES.findall(TAG.sub(" ", source)))
    return {token for token in found.split() if "{{" not in token and "}}" not in token}


def defined_classes():
    css = "".join((BUILT / name).read_text() for name in ("portal.css", "work.css"))
    escaped = re.findall(r"\.((?:\\.|[\w-])+)", css)
    return {re.sub(r"\\(.)", r"\1", name) for name in escaped}


def test_the_build_was_made_from_these_sources():
    assert manifest()["sources"] == hashes(SOURCES), REBUILD


def test_the_committed_files_are_those_of_the_build():
    assert manifest()["outputs"] == hashes(BUILT, skipped={"build.json"}), REBUILD


@pytest.mark.parametrize("path", portal_templates(), ids=lambda path: path.name)
def test_every_class_of_a_template_has_a_style(path):
    unknown = classes_of(path.read_text()) - defined_classes()

    assert unknown == set(), f"{REBUILD} If it is fresh, these classes are misspelt."


@pytest.mark.parametrize("path", portal_templates(), ids=lambda path: path.name)
def test_no_template_holds_inline_script_or_style(path):
    source = path.read_text()

    assert re.findall(r"\bstyle=|<style|\bon[a-z]+=|<script(?![^>]*\bsrc=)|hx-on", source) == []


@pytest.mark.parametrize(
    ("name", "budget"),
    [("portal.css", 15_000), ("work.css", 6_000), ("htmx-nourx.js", 14_000), ("nourx.js", 14_000)],
)
def test_what_a_phone_downloads_stays_small(name, budget):
    assert len(gzip.compress((BUILT / name).read_bytes(), 9)) <= budget


def test_the_lock_file_names_no_registry():
    assert "resolved" not in (SOURCES / "package-lock.json").read_text()
