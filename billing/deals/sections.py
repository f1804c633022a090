"""What stands on the records of a deal: its payment, and what was made of it."""

from collections.abc import Iterator
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from billing.deals import queries
from billing.deals.models import Conversion, DealPayment
from billing.invoicing.models import Quote
from billing.payments.gateways import NAMES
from core.accounts.models import Client
from core.backoffice.columns import StatusLook, status_badge
from core.hooks import RowMark, Section
from core.money import format_amount
from core.ui.formats import date_long
from portal.crm.models import Opportunity
from portal.projects.models import Project

State = DealPayment.State
LOOKS = {
    State.WAITING: StatusLook("half", "now"),
    State.PAID: StatusLook("done", "ok"),
    State.RETURNED: StatusLook("cancel", "warn"),
}
MOST_ROWS = 20


def payment_mark() -> RowMark:
    """Return the badge of the payment, for the list and the board of opportunities."""
    rows = DealPayment.objects.filter(opportunity=OuterRef("pk"))
    return RowMark(
        name="payment_state",
        label=_("Paiement"),
        expression=Subquery(rows.values("state")[:1]),
        badge=_badge,
    )


def _badge(value: str | None) -> tuple[Any, str, str] | None:
    if not value:
        return None
    look = LOOKS[State(value)]
    return State(value).label, look.tone, look.glyph


def payment_section(opportunity: Opportunity) -> Section | None:
    """Return the payment of an opportunity: its badge, its link, what came."""
    if not opportunity.stage.is_won or not opportunity.amount:
        return None
    return Section(
        title=_("Paiement"),
        template="billing/deals/payment.html",
        context=lambda: _payment_facts(opportunity),
        order=5,
    )


def _payment_facts(opportunity: Opportunity) -> dict[str, Any]:
    now = timezone.now()
    standing = queries.standing_of(opportunity, at=now)
    deal = standing.deal
    state = State(standing.status)
    facts: dict[str, Any] = {
        "opportunity": opportunity,
        "badge": status_badge(LOOKS[state], state.label),
        "url": standing.url,
        "deal": deal,
        "is_paid": state == State.PAID,
    }
    if deal is None:
        return facts
    facts["amount"] = format_amount(deal.amount, deal.currency)
    facts["provider"] = NAMES.get(deal.provider, deal.provider)
    facts["attempt_url"] = reverse(
        "wagtailsnippets_payments_paymentattempt:inspect", args=[deal.attempt_id]
    )
    if deal.payment is not None:
        credit = deal.payment.amount_unallocated
        facts["payment_url"] = reverse(
            "wagtailsnippets_payments_payment:inspect", args=[deal.payment_id]
        )
        facts["receipt"] = deal.payment.receipt.number
        facts["credit"] = format_amount(credit, deal.currency) if credit else ""
    return facts


def conversions_section(rows: QuerySet[Conversion], *, hidden: str = "") -> Section | None:
    """Return what was made of opportunities, but for the column of the record itself."""
    found = list(
        rows.select_related("opportunity", "project", "quote", "done_by", "client").defer(
            "client__search_vector", "quote__search_vector"
        )[:MOST_ROWS]
    )
    if not found:
        return None
    columns: dict[str, tuple[Any, Any]] = {
        "opportunity": (_("Opportunité"), lambda row: _to(row.opportunity, "crm_opportunity")),
        "project": (_("Projet"), lambda row: _to(row.project, "projects_project")),
        "quote": (_("Devis"), lambda row: _to(row.quote, "invoicing_quote")),
    }
    columns.pop(hidden, None)
    headings = [*(heading for heading, _cell in columns.values()), _("Convertie le"), _("Par")]
    return Section(
        title=_("Affaire gagnée"),
        headings=headings,
        rows=[
            (
                *(cell(row) for _heading, cell in columns.values()),
                date_long(row.done_at),
                str(row.done_by or ""),
            )
            for row in found
        ],
        order=15,
    )


def _to(record: Any, name: str) -> SafeString | str:
    if record is None:
        return "—"
    url = reverse(f"wagtailsnippets_{name}:inspect", args=[record.pk])
    return format_html('<a href="{}">{}</a>', url, record)


def of_opportunity(opportunity: Opportunity) -> Iterator[Section]:
    """Yield the payment of an opportunity, then what was made of it."""
    payment = payment_section(opportunity)
    if payment is not None:
        yield payment
    made = conversions_section(
        Conversion.objects.filter(opportunity=opportunity), hidden="opportunity"
    )
    if made is not None:
        yield made


def of_project(project: Project) -> Section | None:
    """Return the opportunity and the quote that a project came from."""
    rows = Conversion.objects.filter(project=project).order_by("pk")
    return conversions_section(rows, hidden="project")


def of_quote(quote: Quote) -> Section | None:
    """Return the opportunity that a quote came from."""
    return conversions_section(
        Conversion.objects.filter(quote=quote).order_by("pk"), hidden="quote"
    )


def of_client(client: Client) -> Section | None:
    """Return the won opportunities of a client, newest first."""
    return conversions_section(Conversion.objects.filter(client=client).order_by("-pk"))
