"""Icons and status glyphs, drawn inside the page."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core.ui.icons import GLYPHS, ICONS

register = template.Library()


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """Draw a line icon; the text beside it, or an aria-label around it, gives the meaning.

    :raises KeyError: if there is no such icon.
    """
    return format_html(
        '<svg class="ic{}" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>',
        _after_space(classes),
        ICONS[name],
    )


@register.simple_tag
def glyph(name: str, classes: str = "") -> SafeString:
    """Draw the shape of a status; the word of the status stands beside it.

    :raises KeyError: if there is no such glyph.
    """
    return format_html(
        '<svg class="gl{}" viewBox="0 0 16 16" aria-hidden="true">{}</svg>',
        _after_space(classes),
        mark_safe(GLYPHS[name]),  # drawn in this project, nothing typed by anyone
    )


def _after_space(classes: str) -> str:
    return f" {classes}" if classes else ""
