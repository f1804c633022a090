"""What invoicing adds elsewhere: names of acts, admin screens, panels of the client’s space."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.permissions import register_permission_policy

from billing.invoicing import (
    admin,
    client_card,  # noqa: F401  registers its hooks
    events,  # noqa: F401  declares them
    finding,  # noqa: F401  registers its hook
    history,  # noqa: F401  registers its hook
    paper_fields,  # noqa: F401  gives them to templates of papers
    personal_data,  # noqa: F401  registers its hook
    portal_hooks,  # noqa: F401  registers its hooks
    project_money,  # noqa: F401  registers its hooks
    rule_facts,  # noqa: F401  registers its hook
    wordings,  # noqa: F401  declares them
)
from billing.invoicing.admin.sections import invoices_of_client
from billing.invoicing.models import (
    Adjustment,
    CreditNote,
    CreditNoteLine,
    DepositDeduction,
    Invoice,
    InvoiceEvent,
    InvoiceLine,
    NumberSeries,
    PayLink,
    Quote,
    QuoteAnswer,
    QuoteLine,
)
from billing.invoicing.queries import outstanding_and_late
from core.access.policies import ClosedPolicy, KeptRecordPolicy, ReadOnlyPolicy
from core.audit import log
from core.backoffice import menu
from core.hooks import Section, TeamFigure
from core.money import format_short

for _model in (Invoice, Quote):
    register_permission_policy(_model, KeptRecordPolicy(_model))
for _model in (
    Adjustment,
    CreditNote,
    DepositDeduction,
    NumberSeries,
    InvoiceEvent,
    InvoiceLine,
    QuoteAnswer,
    QuoteLine,
    CreditNoteLine,
):
    register_permission_policy(_model, ReadOnlyPolicy(_model))

register_permission_policy(PayLink, ClosedPolicy(PayLink))

log.declare(
    invoice_issued=_("Facture émise"),
    invoice_sending=_("Envoi de la facture demandé"),
    invoice_sent=_("Facture envoyée"),
    invoice_seen=_("Facture consultée par le client"),
    invoice_payment=_("Paiement affecté à la facture"),
    invoice_refunded=_("Paiement repris sur la facture"),
    invoice_credited=_("Avoir émis sur la facture"),
    invoice_duplicated=_("Facture dupliquée"),
    invoice_adjusted=_("Ajustement noté sur la facture"),
    deposit_created=_("Facture d’acompte préparée"),
    final_created=_("Facture de solde préparée"),
    deposits_chosen=_("Acomptes à déduire choisis"),
    invoice_from_quote=_("Facture créée depuis un devis"),
    credit_note_issued=_("Avoir émis"),
    pay_link_made=_("Lien de paiement créé"),
    pay_link_revoked=_("Lien de paiement révoqué"),
    quote_sent=_("Devis envoyé"),
    quote_accepted=_("Devis accepté par le client"),
    quote_refused=_("Devis refusé par le client"),
    quote_duplicated=_("Devis dupliqué"),
)

menu.add("facturation", admin.QuoteViewSet, order=10)
menu.add("facturation", admin.InvoiceViewSet, order=20)
menu.add("facturation", admin.CreditNoteViewSet, order=30)
menu.add("facturation", admin.NumberSeriesViewSet, order=90)


@hooks.register("nourx_client_sections")
def client_invoices(client: object) -> list[Section]:
    return [invoices_of_client(client)]


@hooks.register("nourx_team_figures")
def unpaid_figures(request: HttpRequest) -> Iterator[TeamFigure]:
    """Say how much is left to be paid, and how much of it is late."""
    if not request.user.has_perm("invoicing.view_invoice"):
        return
    url = reverse("wagtailsnippets_invoicing_invoice:list")
    due, late = outstanding_and_late(timezone.localdate())
    for key, label, sums, order in (
        ("due", _("À encaisser"), due, 10),
        ("late", _("En retard"), late, 20),
    ):
        count = sum(found.count for found in sums)
        yield TeamFigure(
            group="facturation",
            label=label,
            value=" + ".join(format_short(found.amount, found.currency) for found in sums) or "0",
            url=f"{url}?situation={key}",
            order=order,
            tone="bad" if key == "late" and count else "",
            hint=ngettext("%(count)s facture", "%(count)s factures", count) % {"count": count},
        )
