"""The forms to note an exchange, where a template has the request."""

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from core.access.row_guard import policy_of
from portal.crm.models import Interaction
from portal.crm.screens.exchange_pages import quick_forms

register = template.Library()


@register.simple_tag(takes_context=True)
def exchange_forms(context: Any, client: Any) -> SafeString | str:
    """Draw the quick forms of a client, for whoever may note exchanges."""
    request = context["request"]
    if not policy_of(Interaction).user_has_permission(request.user, "add"):
        return ""
    facts = {"forms": quick_forms(client)}
    return render_to_string("portal/crm/parts/exchange_forms.html", facts, request=request)
