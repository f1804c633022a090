"""Models of quotes: a quote from one, and one from a quote."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from billing.invoicing.models import Quote, QuoteInstalment, QuoteLine
from billing.invoicing.services.drafts import save_totals
from billing.invoicing.services.plans import instalments_of, save_plan
from billing.invoicing.services.refusal import Refused
from billing.invoicing.sums import lines_of
from billing.quoting.models import QuoteTemplate, QuoteTemplateInstalment, QuoteTemplateLine
from core.accounts.models import Client
from core.audit.log import record
from portal.projects.models import Project

HEAD = ("subject", "intro", "notes", "currency", "discount_percent", "price_includes_vat")
LINE = (
    "section",
    "label",
    "detail",
    "quantity",
    "unit",
    "unit_price",
    "discount_percent",
    "discount_amount",
    "vat_rate",
    "vat_code",
    "is_option",
    "sort_order",
)
PART = ("kind", "label", "percent", "sort_order")
DEFAULT_DAYS = 30


class CannotCopy(Refused):
    """The client, the project and the model do not go together, or the name is taken."""


@transaction.atomic
def create_from_template(
    *, template: QuoteTemplate, client: Client, project: Project | None, on: date, actor: Any
) -> Quote:
    """Make a draft quote for a client with the texts, lines, options and plan of a model.

    It holds as many days as the model says, counted from `on`.

    :raises CannotCopy: if the project is another client’s.
    """
    if project is not None and project.client_id != client.pk:
        raise CannotCopy(_("Ce projet est celui d’un autre client."))
    quote = Quote(
        **_taken(template, HEAD),
        company=template.company,
        client=client,
        project=project,
        valid_until=on + timedelta(days=template.valid_days),
    )
    quote.save()
    QuoteLine.objects.bulk_create(
        QuoteLine(**_taken(line, LINE), quote=quote, client_id=client.pk)
        for line in template.lines.order_by("sort_order", "pk")
    )
    QuoteInstalment.objects.bulk_create(
        QuoteInstalment(**_taken(row, PART), quote=quote, client_id=client.pk)
        for row in template.instalments.order_by("sort_order", "pk")
    )
    save_totals(paper=quote)
    save_plan(quote=quote)
    record("quote_from_template", quote, actor=actor, template=template.name)
    return quote


@transaction.atomic
def save_as_template(*, quote: Quote, name: str, actor: Any) -> QuoteTemplate:
    """Keep the texts, lines, options and plan of a quote as a model; nothing of its client.

    :raises CannotCopy: if a model has this name.
    """
    name = " ".join(name.split())
    if QuoteTemplate.objects.filter(name__iexact=name).exists():
        raise CannotCopy(_("Un modèle porte déjà ce nom."))
    template = QuoteTemplate.objects.create(
        **_taken(quote, HEAD), company=quote.company, name=name, valid_days=_days_of(quote)
    )
    QuoteTemplateLine.objects.bulk_create(
        QuoteTemplateLine(**_taken(line, LINE), template=template) for line in lines_of(quote)
    )
    QuoteTemplateInstalment.objects.bulk_create(
        QuoteTemplateInstalment(**_taken(row, PART), template=template)
        for row in instalments_of(quote)
    )
    record("quote_template_made", template, actor=actor, source=str(quote))
    return template


def _days_of(quote: Quote) -> int:
    """Return for how many days a quote held, when that makes sense for a model."""
    if quote.valid_until is None or quote.issue_date is None:
        return DEFAULT_DAYS
    return min(max((quote.valid_until - quote.issue_date).days, 1), 365)


def _taken(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
