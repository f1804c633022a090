"""What the search of the back-office finds of papers: invoices, quotes and credit notes."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from billing.invoicing.models import CreditNote, Invoice, Quote
from billing.invoicing.queries import HEAVY
from billing.invoicing.states import invoice_state
from core.backoffice.finding import best_of
from core.hooks import SearchHit, SearchSource
from core.money import format_short

SHELVES = (
    (Invoice, _("Factures"), "doc-full", 30),
    (Quote, _("Devis"), "form", 32),
    (CreditNote, _("Avoirs"), "doc-empty", 34),
)


@hooks.register("nourx_search_sources")
def find_papers(request: HttpRequest) -> Iterator[SearchSource]:
    """Find papers by their number first, then by subject and client."""
    for model, label, icon, order in SHELVES:
        name = model._meta.model_name
        if request.user.has_perm(f"invoicing.view_{name}"):
            yield SearchSource(
                key=f"{name}s",
                label=label,
                icon=icon,
                find=partial(_find, model),
                url=reverse(f"wagtailsnippets_invoicing_{name}:list"),
                order=order,
            )


def _find(model: type[Any], text: str, most: int) -> Sequence[SearchHit]:
    rows = model.objects.select_related("client").defer(
        *(name for name in HEAVY if _has(model, name)),
        "client__search_vector",
        "client__search_norm",
    )
    page = f"wagtailsnippets_invoicing_{model._meta.model_name}:inspect"
    return [
        SearchHit(
            title=f"{row.number or _('Brouillon')} · {row.subject}".rstrip(" ·"),
            detail=f"{row.client.name} · {format_short(row.total, row.currency)} · {_state(row)}",
            url=reverse(page, args=[row.pk]),
        )
        for row in best_of(rows, text, most=most, exact="number")
    ]


def _state(row: Any) -> Any:
    if isinstance(row, Invoice):
        return invoice_state(row, timezone.localdate()).label
    return row.get_status_display()


def _has(model: type[Any], name: str) -> bool:
    return any(field.name == name for field in model._meta.fields)
