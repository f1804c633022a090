"""Dates, times, phone numbers and sizes, as people read them. The rules are in core.ui.formats."""

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html

from core.ui import formats

register = template.Library()

DAY_STYLES = {
    "long": formats.date_long,
    "full": formats.date_full,
    "weekday": formats.date_weekday,
    "short": formats.date_short,
}


@register.simple_tag
def day(value: date | datetime | None, style: str = "long") -> str:
    """Draw a day inside <time>; `style` is "long", "full", "weekday" or "short"."""
    if value is None:
        return ""
    local = _local_day(value)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), DAY_STYLES[style](local))


@register.simple_tag
def when(value: datetime | None, now: datetime | None = None) -> str:
    """Draw a moment inside <time>: "hier, 9 h 14" when near, its date otherwise."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    text = formats.moment(local, timezone.localtime(now))
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), text)


@register.simple_tag
def deadline(value: date, today: date | None = None) -> str:
    """Write how far a day is: "dans 7 jours", "demain", "en retard de 3 jours"."""
    return formats.days_until(value, today or timezone.localdate())


@register.simple_tag
def period(first: date, last: date) -> str:
    """Write two days as one period, such as "7 au 25 sept."."""
    return formats.date_range(first, last)


@register.filter
def date_long(value: date | datetime | None) -> str:
    """Write "13 novembre 2026"."""
    return formats.date_long(_local_day(value)) if value else ""


@register.filter
def date_full(value: date | datetime | None) -> str:
    """Write "vendredi 20 novembre 2026"."""
    return formats.date_full(_local_day(value)) if value else ""


@register.filter
def date_short(value: date | datetime | None) -> str:
    """Write "24 nov."."""
    return formats.date_short(_local_day(value)) if value else ""


@register.filter
def clock_time(value: datetime | None) -> str:
    """Write "17 h 42"."""
    return formats.clock_time(timezone.localtime(value)) if value else ""


@register.filter
def phone(value: str) -> str:
    """Write "07 12 34 56 78"."""
    return formats.phone(value)


@register.filter
def masked_phone(value: str) -> str:
    """Write "07 •• •• •• 45"."""
    return formats.masked_phone(value)


@register.filter
def file_size(value: int) -> str:
    """Write "8,4 Mo"."""
    return formats.file_size(value)


@register.filter
def percent(value: int) -> str:
    """Write "58 %"."""
    return formats.percent(value)


@register.filter
def decimal(value: int) -> str:
    """Write "1 250,5"."""
    return formats.decimal(value)


@register.filter
def initials(value: object) -> str:
    """Give the two letters shown in an avatar."""
    return formats.initials(str(value))


@register.filter
def capitalized(value: object) -> str:
    """Raise the first letter only: "vendredi 20" becomes "Vendredi 20"."""
    text = str(value)
    return text[:1].upper() + text[1:]


def _local_day(value: date | datetime) -> date:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value
