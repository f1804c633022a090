"""Columns of listings: amounts, French dates, statuses with a shape and a word."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin.ui.tables import Column

from core.money import format_figure, format_short
from core.ui.formats import date_short, moment
from core.ui.templatetags.icons import glyph


class PlainColumn(Column):
    """A value drawn without a template: a listing has hundreds of cells."""

    def render_cell_html(self, instance: Any, parent_context: Any) -> SafeString:
        return format_html('<td class="{}">{}</td>', self.classname or "", self.get_value(instance))


class MoneyColumn(PlainColumn):
    """An amount of minor units, right-aligned. The currency is read from the row.

    MoneyColumn("total", label=_("Total TTC"), sort_key="total")
    `currency` is the path to the currency, or a code such as "XOF".
    """

    def __init__(self, name: str, *, currency: str = "currency", **kwargs: Any):
        kwargs.setdefault("classname", "nx-number")
        super().__init__(name, **kwargs)
        self.currency = currency

    def get_value(self, instance: Any) -> SafeString | str:
        amount = super().get_value(instance)
        if amount is None:
            return ""
        code = self.currency if self.currency.isupper() else getattr(instance, self.currency)
        whole, _space, unit = format_short(amount, code).rpartition("\u00a0")
        return format_html('<data value="{}">{}\u00a0<small>{}</small></data>', amount, whole, unit)


class FigureColumn(PlainColumn):
    """A number, right-aligned, with narrow spaces between thousands."""

    def __init__(self, name: str, **kwargs: Any):
        kwargs.setdefault("classname", "nx-number")
        super().__init__(name, **kwargs)

    def get_value(self, instance: Any) -> str:
        value = super().get_value(instance)
        return "" if value is None else format_figure(value, "XOF")


class FrenchDateColumn(PlainColumn):
    """A day, such as « 24 nov. 2026 »; `is_late(row)` shows it as overdue, with a word."""

    def __init__(self, name: str, *, is_late: Callable[[Any], bool] | None = None, **kwargs: Any):
        super().__init__(name, **kwargs)
        self.is_late = is_late

    def get_value(self, instance: Any) -> SafeString | str:
        value = super().get_value(instance)
        if value is None:
            return ""
        day = _local_day(value)
        late = self.is_late is not None and self.is_late(instance)
        return format_html(
            '<time datetime="{}"{}>{} {}</time>',
            day.isoformat(),
            format_html(' class="nx-late"') if late else "",
            date_short(day),
            day.year,
        )


class MomentColumn(PlainColumn):
    """A moment: « hier, 9 h 14 » when near, its date otherwise."""

    def get_value(self, instance: Any) -> SafeString | str:
        value = super().get_value(instance)
        if value is None:
            return ""
        local = timezone.localtime(value)
        text = moment(local, timezone.localtime())
        return format_html(
            '<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), text
        )


class StatusLook(NamedTuple):
    """How a status shows: a glyph of core.ui.icons, and a tone now, ok, warn, bad or nothing."""

    glyph: str
    tone: str = ""


class StatusColumn(PlainColumn):
    """A status as a shape and its word, never a colour alone.

    StatusColumn("status", looks={"draft": StatusLook("todo"), "issued": StatusLook("now", "now")})
    `accessor` gives the value ("draft"), `word` the path to its word (default get_status_display).
    """

    def __init__(self, name: str, *, looks: dict, word: Any = None, **kwargs: Any):
        super().__init__(name, **kwargs)
        self.looks = looks
        self.word = word or f"get_{name}_display"

    def get_value(self, instance: Any) -> SafeString | str:
        value = super().get_value(instance)
        word = self.word(instance) if callable(self.word) else getattr(instance, self.word)
        word = word() if callable(word) else word
        return status_badge(self.looks.get(value), word)


def status_badge(look: StatusLook | None, word: Any) -> SafeString | str:
    """Draw a status for the back-office."""
    if look is None:
        return str(word)
    tone = format_html(' data-tone="{}"', look.tone) if look.tone else ""
    return format_html('<span class="nx-status"{}>{}{}</span>', tone, glyph(look.glyph), word)


def _local_day(value: date | datetime) -> date:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value
