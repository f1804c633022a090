"""What stands above every page of the back-office, gathered from the modules."""

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core import hooks

register = template.Library()


@register.simple_tag(takes_context=True)
def admin_bar(context: Any) -> SafeString | str:
    """Draw what modules put above pages; nothing when they put nothing."""
    request = context.get("request")
    if request is None or not request.user.is_authenticated:
        return ""
    parts = [(part,) for part in hooks.admin_bar(request)]
    return (
        format_html('<div class="nx-bar">{}</div>', format_html_join("", "{}", parts))
        if parts
        else ""
    )
