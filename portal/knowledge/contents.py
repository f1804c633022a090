"""The table of contents of an article, from its headings."""

from dataclasses import dataclass

from bs4 import BeautifulSoup
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from wagtail.rich_text import expand_db_html

FEWEST = 2  # headings that are worth a table


@dataclass(frozen=True)
class Heading:
    """A heading of an article, and the anchor that leads to it."""

    anchor: str
    text: str
    level: int


def body_and_contents(body: str) -> tuple[SafeString, list[Heading]]:
    """Return an article's text with an anchor on each heading, and its table of contents.

    The text was cleaned by the editor's field when it was saved.
    """
    soup = BeautifulSoup(expand_db_html(body), "html.parser")
    headings: list[Heading] = []
    for rank, tag in enumerate(soup.find_all(["h2", "h3"]), start=1):
        text = tag.get_text(" ", strip=True)
        if not text:
            continue
        anchor = f"{slugify(text) or 'partie'}-{rank}"
        tag["id"] = anchor
        headings.append(Heading(anchor, text, int(tag.name[1])))
    shown = headings if len(headings) >= FEWEST else []
    return mark_safe(str(soup)), shown
