"""Columns of opportunities: who follows them, and the badges that other modules put on them."""

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _

from core.backoffice.columns import PlainColumn, StatusLook, status_badge
from core.hooks import RowMark


class OwnerColumn(PlainColumn):
    """Who follows a sale; somebody whose account is closed follows nothing any more."""

    def get_value(self, instance: Any) -> Any:
        return owner_text(instance.owner)


def owner_text(owner: Any) -> Any:
    """Write who follows a sale, with a word when the account is closed."""
    if owner is None:
        return "—"
    if owner.is_active:
        return str(owner)
    return format_html('<span class="nx-late">{} ({})</span>', owner, _("compte fermé"))


class MarkColumn(PlainColumn):
    """A badge of another module, such as « Payé »."""

    def __init__(self, mark: RowMark):
        super().__init__(mark.name, label=mark.label)
        self.mark = mark

    def get_value(self, instance: Any) -> Any:
        return mark_badge(self.mark, instance)


def mark_badge(mark: RowMark, record: Any) -> Any:
    """Draw what a mark says of a row, or nothing."""
    found = mark.badge(getattr(record, mark.name))
    if found is None:
        return ""
    word, tone, glyph = found
    return status_badge(StatusLook(glyph, tone), word)
