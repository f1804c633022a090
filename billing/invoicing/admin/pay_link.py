"""The pay link of an invoice in the back-office: copied, sent by WhatsApp, changed, revoked."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from billing.invoicing import services
from billing.invoicing.models import Invoice
from billing.invoicing.pay_links import can_be_shared, live_link, url_of
from billing.invoicing.sharing import whatsapp_url
from core.backoffice.actions import RecordAction

MAKE, RENEW, REVOKE = "make", "renew", "revoke"
DONE = {
    MAKE: _("Lien créé."),
    RENEW: _("Nouveau lien créé. L’ancien ne s’ouvre plus."),
    REVOKE: _("Lien révoqué : il ne s’ouvre plus."),
}


class PayLinkForm(forms.Form):
    """Which button was pressed."""

    act = forms.ChoiceField(choices=[(MAKE, MAKE), (RENEW, RENEW), (REVOKE, REVOKE)])


class ShareInvoice(RecordAction):
    """The page of an invoice's pay link: it opens this invoice alone, without an account."""

    name = "lien"
    label = _("Lien de paiement")
    icon_name = "link"
    permission = "issue"
    form_class = PayLinkForm
    refusals = (services.CannotShare,)
    template_name = "billing/invoicing/admin/pay_link.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        invoice, link = self.object, live_link(self.object)
        url = url_of(link) if link else ""
        phone = invoice.client.phone
        return super().get_context_data(
            link=link,
            url=url,
            can_be_shared=can_be_shared(invoice),
            whatsapp_url=whatsapp_url(invoice, url, phone=phone) if url else "",
            **kwargs,
        )

    def perform(self, record: Invoice, actor: Any, **values: Any) -> None:
        change: dict[str, Any] = {
            MAKE: services.make_pay_link,
            RENEW: services.renew_pay_link,
            REVOKE: services.revoke_pay_link,
        }
        change[values["act"]](invoice=record, at=timezone.now(), actor=actor)
        messages.success(self.request, DONE[values["act"]])

    def get_record_url(self, done: Any = None) -> str:
        """Stay on the page of the link once something was done there."""
        return self.request.path if self.request.method == "POST" else super().get_record_url()

    @classmethod
    def is_offered(cls, record: Invoice) -> bool:
        return record.status == Invoice.Status.ISSUED
