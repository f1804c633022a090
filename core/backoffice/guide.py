"""The team's guide, read in the back-office: the Markdown of `docs/guide-equipe/`, as pages."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token

from core.search import search_text

FOLDER = Path(settings.BASE_DIR) / "docs" / "guide-equipe"
IMAGES = Path(settings.BASE_DIR) / "docs" / "images"
CONTENTS = "README"
SLUG = re.compile(r"[a-z0-9-]{1,60}")
LINK = re.compile(r"(?P<slug>[a-z0-9-]+|README)\.md(?P<anchor>#[\w-]+)?")
IMAGE = re.compile(r"\.\./images/(?P<name>[a-z0-9-]+\.png)")


@dataclass(frozen=True)
class Heading:
    """A part of a page."""

    anchor: str
    text: str


@dataclass(frozen=True)
class GuidePage:
    """A page of the guide: its title, its parts, its text as safe HTML and as folded words."""

    slug: str
    title: str
    parts: tuple[Heading, ...]
    html: SafeString
    words: str


def page_of(slug: str) -> GuidePage | None:
    """Return a page of the guide, or None when there is none of this name."""
    if slug != CONTENTS and not SLUG.fullmatch(slug):
        return None
    path = FOLDER / f"{slug}.md"
    return _read(slug, path.stat().st_mtime_ns) if path.is_file() else None


def pages() -> list[GuidePage]:
    """Return every page, in the order of the table of contents, then by name."""
    slugs = sorted(path.stem for path in FOLDER.glob("*.md") if path.stem != CONTENTS)
    contents = (FOLDER / f"{CONTENTS}.md").read_text()
    order = [found["slug"] for found in LINK.finditer(contents)]
    slugs.sort(key=lambda slug: order.index(slug) if slug in order else len(order))
    return [page for slug in slugs if (page := page_of(slug))]


def search(text: str) -> list[tuple[GuidePage, Heading | None]]:
    """Return the pages that hold every word, with the part whose title holds one, best first."""
    words = search_text(text).split()
    if not words:
        return []
    found = [page for page in pages() if all(word in page.words for word in words)]
    found.sort(key=lambda page: not any(word in search_text(page.title) for word in words))
    return [(page, _part_of(page, words)) for page in found]


def _part_of(page: GuidePage, words: list[str]) -> Heading | None:
    parts = (part for part in page.parts if any(word in search_text(part.text) for word in words))
    return next(parts, None)


@cache
def _read(slug: str, changed: int) -> GuidePage:
    """Read a page; `changed` has an edited file read again."""
    source = (FOLDER / f"{slug}.md").read_text()
    reader = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")
    tokens = reader.parse(source)
    title, parts = slug, []
    for rank, token in enumerate(tokens):
        if token.type == "heading_open":
            text = tokens[rank + 1].content
            token.attrSet("id", slugify(text))
            if token.tag == "h1":
                title = text
            elif token.tag == "h2":
                parts.append(Heading(slugify(text), text))
        for child in token.children or ():
            _lead(child)
    html = reader.renderer.render(tokens, reader.options, {})
    html = html.replace("<table>", '<div class="nx-guide__table"><table>')
    html = html.replace("</table>", "</table></div>")
    words = search_text(source)
    return GuidePage(slug, title, tuple(parts), mark_safe(html), words)


def _lead(token: Token) -> None:
    """Have links between files lead to pages, and pictures come from where we hand them over."""
    if token.type == "link_open":
        found = LINK.fullmatch(str(token.attrGet("href")))
        if found:
            page = reverse("nourx_help_index")
            if found["slug"] != CONTENTS:
                page = reverse("nourx_help", args=[found["slug"]])
            token.attrSet("href", page + (found["anchor"] or ""))
    elif token.type == "image":
        found = IMAGE.fullmatch(str(token.attrGet("src")))
        if found:
            token.attrSet("src", reverse("nourx_help_image", args=[found["name"]]))
            token.attrSet("loading", "lazy")
