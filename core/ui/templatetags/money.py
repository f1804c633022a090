"""Amounts, as people read them."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.money import FIXED_SPACE, format_amount

register = template.Library()


@register.filter
def money(amount: int, currency: str) -> str:
    """Write an amount of minor units, such as "1 475 000 F CFA"."""
    return format_amount(amount, currency)


@register.simple_tag
def money_tag(amount: int, currency: str, size: str = "") -> SafeString:
    """Draw an amount with its unit made small; `size` is "lg" or "xl", or nothing."""
    number, _space, unit = format_amount(amount, currency).partition(FIXED_SPACE)
    return format_html(
        '<data class="money"{} value="{}">{}{}<small>{}</small></data>',
        format_html(' data-size="{}"', size) if size else "",
        amount,
        number,
        FIXED_SPACE,
        unit,
    )
