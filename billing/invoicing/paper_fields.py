"""What templates of papers may say of a quote: its number, its amount, its day."""

from typing import Any

from django.db.models import Case, IntegerField, Value, When
from django.utils.translation import gettext_lazy as _

from billing.invoicing.models import Quote
from core.money import format_amount
from core.ui.formats import date_long
from portal.documents.merging.fields import Field, Source, add_source

MOST_QUOTES = 20
SHOWN = (Quote.Status.ACCEPTED, Quote.Status.SENT)


def quotes_of(project: Any) -> list[tuple[int, str]]:
    """Return the quotes of a project, or of its client without project: the accepted ones first."""
    rows = Quote.objects.filter(client_id=project.client_id, status__in=SHOWN)
    rank = Case(
        When(project_id=project.pk, status=Quote.Status.ACCEPTED, then=Value(0)),
        When(project_id=project.pk, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    facts = rows.only("number", "subject").order_by(rank, "-issue_date", "-pk")[:MOST_QUOTES]
    return [(row.pk, f"{row.number} · {row.subject}") for row in facts]


def values_of(key: int) -> dict[str, str]:
    """Return what fills the fields of a quote."""
    quote = Quote.objects.get(pk=key)
    return {
        "devis.numero": quote.number,
        "devis.objet": quote.subject,
        "devis.montant": format_amount(quote.total, quote.currency),
        "devis.date": date_long(quote.issue_date) if quote.issue_date else "",
    }


add_source(
    Source(
        key="devis",
        label=_("Devis"),
        fields=(
            Field("devis.numero", _("numéro du devis"), "DEV-2026-0031"),
            Field("devis.objet", _("objet du devis"), "Boutique en ligne"),
            Field("devis.montant", _("montant du devis"), "4 500 000 F CFA"),
            Field("devis.date", _("date du devis"), "12 octobre 2026"),
        ),
        choices=quotes_of,
        values=values_of,
    )
)
