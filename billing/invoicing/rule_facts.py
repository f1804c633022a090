"""What rules of the team may watch of invoices and quotes."""

from collections.abc import Iterator
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from billing.invoicing.models import Invoice, Quote
from core.access.roles import Grant
from core.hooks.rules import AMOUNT, CHOICE, DAY, MOST_FACTS, Fact, FactField, RuleEvent
from core.notify.rules.audiences import LEAD

GROUP = _("Facturation")
OF_INVOICE = {
    "numero": FactField(_("numéro"), example="FAC-2026-0042"),
    "objet": FactField(_("objet"), example="Refonte du site"),
    "client": FactField(_("client"), example="Acme Distribution"),
    "montant": FactField(_("reste à payer"), AMOUNT, example="1 475 000 F CFA"),
    "total": FactField(_("total TTC"), AMOUNT, example="1 475 000 F CFA"),
    "devise": FactField(_("devise"), example="XOF"),
    "nature": FactField(_("nature"), CHOICE, Invoice.Kind.choices),
    "echeance": FactField(_("échéance"), DAY, example="4 décembre 2026"),
}
OF_QUOTE = {
    "numero": FactField(_("numéro"), example="DEV-2026-0031"),
    "objet": FactField(_("objet"), example="Refonte du site"),
    "client": FactField(_("client"), example="Acme Distribution"),
    "total": FactField(_("total TTC"), AMOUNT, example="2 360 000 F CFA"),
    "devise": FactField(_("devise"), example="XOF"),
    "validite": FactField(_("dernier jour de validité"), DAY, example="18 décembre 2026"),
    "lu": FactField(_("lu par le client"), CHOICE, (("oui", _("Oui")), ("non", _("Non")))),
}
PAPER = (
    "pk", "number", "subject", "currency", "total", "client_id", "client__name", "client__lead_id",
    "project_id",
)  # fmt: skip


def unpaid_invoices(since: date, until: date) -> Iterator[Fact]:
    """Find the invoices whose due date lies between two days; paid ones ended when settled."""
    rows = Invoice.objects.issued().filter(due_date__range=(since, until))
    sums = ("total_added", "amount_paid", "amount_credited", "amount_adjusted")
    fields = (*PAPER, *sums, "kind", "due_date", "settled_at", "status", "updated_at")
    for invoice in _few(rows, fields):
        due = invoice.amount_due
        ended = invoice.settled_at or (None if due > 0 else invoice.updated_at)
        yield Fact(
            key=f"invoice:{invoice.pk}",
            on=invoice.due_date,
            title=f"{invoice.number} · {invoice.subject}",
            values={**_paper(invoice), "montant": due, "nature": invoice.kind,
                    "echeance": invoice.due_date},
            url=reverse("wagtailsnippets_invoicing_invoice:inspect", args=[invoice.pk]),
            client_url=reverse("invoicing:invoice", args=[invoice.number]),
            ended_on=timezone.localtime(ended).date() if ended else None,
            **_place(invoice),
        )  # fmt: skip


def unanswered_quotes(since: date, until: date) -> Iterator[Fact]:
    """Find the quotes sent between two days; a decision ends it, and so does its last day."""
    rows = Quote.objects.filter(issue_date__range=(since, until)).exclude(status="draft")
    for quote in _few(rows, (*PAPER, *QUOTE_FIELDS)):
        yield _of_quote(quote, quote.issue_date, f"quote-sent:{quote.pk}")


def expiring_quotes(since: date, until: date) -> Iterator[Fact]:
    """Find the quotes whose last day lies between two days."""
    rows = Quote.objects.filter(valid_until__range=(since, until)).exclude(status="draft")
    for quote in _few(rows, (*PAPER, *QUOTE_FIELDS)):
        yield _of_quote(quote, quote.valid_until, f"quote-until:{quote.pk}", holds=True)


QUOTE_FIELDS = ("status", "issue_date", "valid_until", "seen_at", "decided_at", "updated_at")


def _of_quote(quote: Quote, on: date | None, key: str, *, holds: bool = False) -> Fact:
    ended = None
    if quote.status != Quote.Status.SENT:
        ended = timezone.localtime(quote.decided_at or quote.updated_at).date()
    elif not holds and quote.valid_until is not None and quote.valid_until < timezone.localdate():
        ended = quote.valid_until
    seen = "oui" if quote.seen_at else "non"
    return Fact(
        key=key,
        on=on or quote.updated_at.date(),
        title=f"{quote.number} · {quote.subject}",
        values={**_paper(quote), "validite": quote.valid_until, "lu": seen},
        url=reverse("wagtailsnippets_invoicing_quote:inspect", args=[quote.pk]),
        client_url=reverse("invoicing:quote", args=[quote.number]),
        ended_on=ended,
        **_place(quote),
    )


def _few(rows: QuerySet, fields: tuple[str, ...]) -> QuerySet:
    return rows.select_related("client").only(*fields).order_by("pk")[:MOST_FACTS]


def _paper(paper: Invoice | Quote) -> dict:
    return {
        "numero": paper.number,
        "objet": paper.subject,
        "client": paper.client.name,
        "total": paper.total,
        "devise": paper.currency,
    }


def _place(paper: Invoice | Quote) -> dict:
    return {
        "client_id": paper.client_id,
        "client_name": paper.client.name,
        "project_id": paper.project_id,
        "currency": paper.currency,
        "lead_id": paper.client.lead_id,
    }


@hooks.register("nourx_rule_events")
def events_of_papers() -> list[RuleEvent]:
    shared = {"group": GROUP, "grant": Grant.VIEW_BILLING, "audiences": frozenset({LEAD})}
    return [
        RuleEvent(
            "invoice_unpaid",
            label=_("Facture impayée (avant ou après l’échéance)"),
            fields=OF_INVOICE,
            sentence=_("La facture {{ numero }} ({{ montant }}) : échéance du {{ echeance }}."),
            find=unpaid_invoices,
            right="invoicing.view_invoice",
            day_label=_("l’échéance"),
            **shared,
        ),
        RuleEvent(
            "quote_unanswered",
            label=_("Devis sans réponse"),
            fields=OF_QUOTE,
            sentence=_("Le devis {{ numero }} ({{ total }}) attend une réponse."),
            find=unanswered_quotes,
            right="invoicing.view_quote",
            day_label=_("son envoi"),
            **shared,
        ),
        RuleEvent(
            "quote_expiring",
            label=_("Devis qui expire"),
            fields=OF_QUOTE,
            sentence=_("Le devis {{ numero }} ({{ total }}) est valable jusqu’au {{ validite }}."),
            find=expiring_quotes,
            right="invoicing.view_quote",
            day_label=_("son dernier jour"),
            **shared,
        ),
    ]
