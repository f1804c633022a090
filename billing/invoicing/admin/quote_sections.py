"""The versions of an offer, under a quote in the back-office."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from billing.invoicing.models import Quote
from billing.invoicing.queries import HEAVY
from billing.invoicing.states import quote_state
from core.hooks import Section
from core.money import format_amount
from core.ui.formats import date_long

MOST_VERSIONS = 50


def versions_of(quote: Quote) -> list[Quote]:
    """Return all versions of an offer, the first one first."""
    rows = Quote.objects.defer(*HEAVY)
    first = quote
    for _rank in range(MOST_VERSIONS):
        if first.replaces_id is None:
            break
        first = rows.get(pk=first.replaces_id)
    found = [first]
    while (later := rows.filter(replaces=found[-1]).first()) is not None:
        found.append(later)
        if len(found) == MOST_VERSIONS:
            break
    return found


def versions_section(quote: Quote) -> Section:
    """Return the versions of an offer with their state and total; none when there is only one."""
    versions = versions_of(quote)
    today = timezone.localdate()
    rows = [_row(each, quote, today) for each in versions] if len(versions) > 1 else []
    return Section(
        title=_("Versions"),
        headings=(_("Version"), _("Devis"), _("Envoyé le"), _("État"), _("Total TTC")),
        rows=rows,
        empty=_("Une seule version."),
        order=60,
    )


def _row(each: Quote, shown: Quote, today: Any) -> tuple[Any, ...]:
    name: Any = str(each)
    if each.pk != shown.pk:
        url = reverse("wagtailsnippets_invoicing_quote:inspect", args=[each.pk])
        name = format_html('<a href="{}">{}</a>', url, each)
    return (
        each.revision,
        name,
        date_long(each.issue_date) if each.issue_date else "",
        quote_state(each, today).label,
        format_amount(each.total, each.currency),
    )
