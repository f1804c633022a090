"""Durations on pages."""

from django import template

from billing.sources.hours import hours_text

register = template.Library()


@register.filter
def hours(minutes: int) -> str:
    """Write minutes as « 12 h 30 »."""
    return hours_text(minutes)
