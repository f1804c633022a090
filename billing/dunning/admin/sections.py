"""Where an invoice stands on its ladder: what was sent, what holds it, what is to come."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from billing.dunning.admin.acts import promise_text
from billing.dunning.admin.results import result_of, with_results
from billing.dunning.holding_words import hold_text
from billing.dunning.models import Dispute, DunningNotice, PaymentPromise
from billing.dunning.reading import Case, read_cases
from billing.invoicing.models import Invoice
from core.backoffice.pages import readable
from core.hooks import Section
from core.money import format_amount
from core.ui.formats import date_long


@hooks.register("nourx_invoice_sections")
def ladder_of_invoice(invoice: Invoice) -> Iterator[Section]:
    """Show the team where an invoice is on its ladder."""
    if invoice.amount_due <= 0 or invoice.due_date is None:
        return
    on = timezone.localdate()
    (case,) = read_cases([invoice], on=on, at=timezone.now())
    yield Section(
        title=_("Échelle de relance : %(name)s") % {"name": case.ladder.name},
        headings=[_("Étape"), _("Jour"), _("État")],
        rows=[[step.label, _day(case, step), _state(case, step)] for step in case.ladder.steps],
        order=44,
    )


def _day(case: Case, step: Any) -> str:
    return date_long(case.account.due_date + timedelta(days=step.days))


def _state(case: Case, step: Any) -> str:
    if step.key in case.account.told:
        told_on = case.account.told[step.key]
        return _("Envoyée le %(day)s") % {"day": date_long(told_on)} if told_on else _("Passée")
    if case.decision.step is not None and case.decision.step.key == step.key:
        held = hold_text(case.decision)
        return _("Retenue : %(why)s") % {"why": held} if held else _("Part au prochain passage")
    return _("À venir")


@hooks.register("nourx_invoice_sections")
def reminders_of_invoice(invoice: Invoice) -> Iterator[Section]:
    """Show the team what the client was reminded of, by which ways, and whether it left."""
    rows = with_results(DunningNotice.objects.filter(invoice=invoice))
    notices = list(rows.order_by("-created_at", "-pk"))
    if notices:
        yield Section(
            title=_("Relances"),
            headings=[_("Le"), _("Étape"), _("Reste dû"), _("Envoi")],
            rows=[
                [
                    readable(notice.created_at),
                    notice.label or notice.step,
                    format_amount(notice.amount_due, invoice.currency),
                    result_of(notice),
                ]
                for notice in notices
            ],
            order=45,
        )


@hooks.register("nourx_invoice_sections")
def holds_of_invoice(invoice: Invoice) -> Iterator[Section]:
    """Show the team what the client contested and promised."""
    disputes = Dispute.objects.filter(invoice=invoice).order_by("-opened_at")
    promises = PaymentPromise.objects.filter(invoice=invoice).order_by("-made_at")
    rows = [
        *(
            [
                readable(dispute.opened_at),
                _("Litige"),
                dispute.reason,
                dispute.outcome or (_("Clos") if dispute.closed_at else _("Ouvert")),
            ]
            for dispute in disputes
        ),
        *(
            [readable(promise.made_at), _("Promesse"), promise.note or "—", promise_text(promise)]
            for promise in promises
        ),
    ]
    if rows:
        headings = [_("Le"), _("Nature"), _("Mots"), _("Suite")]
        yield Section(title=_("Litiges et promesses"), headings=headings, rows=rows, order=46)
