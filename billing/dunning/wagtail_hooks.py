"""What dunning adds elsewhere: the name of its act, and its place in the back-office."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.permissions import register_permission_policy

from billing.dunning.models import DunningNotice
from billing.invoicing.models import Invoice
from core.access.policies import ReadOnlyPolicy
from core.audit import log
from core.backoffice.pages import readable
from core.hooks import Section
from core.money import format_amount

register_permission_policy(DunningNotice, ReadOnlyPolicy(DunningNotice))
log.declare(invoice_reminded=_("Relance envoyée"))


@hooks.register("nourx_invoice_sections")
def reminders_of_invoice(invoice: Invoice) -> Iterator[Section]:
    """Show the team what the client was reminded of."""
    notices = list(invoice.dunning_notices.order_by("-created_at", "-pk"))
    if notices:
        yield Section(
            title=_("Relances"),
            headings=[_("Le"), _("Étape"), _("Reste dû"), _("Envoi")],
            rows=[
                [
                    readable(notice.created_at),
                    notice.label or notice.step,
                    format_amount(notice.amount_due, invoice.currency),
                    _("Envoyée") if notice.is_sent else _("Passée : une étape plus loin"),
                ]
                for notice in notices
            ],
            order=45,
        )
