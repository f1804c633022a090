"""What the search of the back-office finds of payments: receipt, operator's reference, client."""

from collections.abc import Iterator, Sequence

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from billing.payments.models import Payment, Receipt
from core.accounts.models import Client
from core.backoffice.search import search
from core.hooks import SearchHit, SearchSource
from core.money import format_short
from core.ui.formats import date_short

SOME_CLIENTS = 20


@hooks.register("nourx_search_sources")
def find_payments(request: HttpRequest) -> Iterator[SearchSource]:
    """Find payments by what stands on a receipt or in the operator's message."""
    if request.user.has_perm("payments.view_payment"):
        yield SearchSource(
            key="payments",
            label=_("Paiements"),
            icon="success",
            find=_find,
            url=reverse("wagtailsnippets_payments_payment:list"),
            order=36,
        )


def _find(text: str, most: int) -> Sequence[SearchHit]:
    typed = text.strip()
    whole = Receipt.objects.filter(number=typed.upper()).values("payment_id")
    online = Payment.objects.exclude(provider="").exclude(provider_reference="")  # as its index
    told = online.filter(provider_reference=typed).values("pk")
    clients = search(Client.objects.order_by(), typed).values("pk")[:SOME_CLIENTS]
    theirs = Payment.objects.filter(client__in=clients).order_by("-pk").values("pk")[:most]
    rows = Payment.objects.filter(pk__in=whole.union(told, theirs)).select_related(
        "client", "receipt"
    )
    rows = rows.defer("client__search_vector", "client__search_norm").order_by("-pk")
    return [
        SearchHit(
            title=f"{_title(row)} · {format_short(row.amount, row.currency)}",
            detail=_detail(row),
            url=reverse("wagtailsnippets_payments_payment:inspect", args=[row.pk]),
        )
        for row in rows[:most]
    ]


def _title(row: Payment) -> str:
    receipt = getattr(row, "receipt", None)
    return receipt.number if receipt else str(_("Paiement"))


def _detail(row: Payment) -> str:
    facts = [row.client.name, row.get_method_display(), date_short(row.received_on)]
    return " · ".join(facts)
