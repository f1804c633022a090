"""Handing an invoice to whoever pays it: the page of its pay link, for people of the client."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.invoicing import services
from billing.invoicing.models import Invoice
from billing.invoicing.pay_links import can_be_shared, live_link, url_of
from billing.invoicing.sharing import whatsapp_url
from billing.invoicing.views.base import BillingPageMixin
from core.access.grants import may
from core.access.roles import Grant
from core.access.views import ScopedActionView

DONE = {
    "creer": _("Lien créé : copiez-le ou envoyez-le."),
    "renouveler": _("Nouveau lien créé. L’ancien ne s’ouvre plus."),
    "revoquer": _("Lien révoqué : il ne s’ouvre plus."),
}


class PayLinkView(BillingPageMixin, ScopedActionView):
    """Shows the link of an invoice, how often it was opened; makes, changes or revokes it."""

    grant = Grant.PAY_INVOICES
    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, number: str) -> HttpResponseBase:
        invoice = self._invoice()
        link = live_link(invoice)
        url = url_of(link) if link else ""
        context = {
            "nav_key": self.nav_key,
            "invoice": invoice,
            "link": link,
            "url": url,
            "whatsapp_url": whatsapp_url(invoice, url) if url else "",
            "can_be_shared": can_be_shared(invoice),
            "may_revoke": may(request.user, Grant.MANAGE_MEMBERS, invoice.client_id),
        }
        return render(request, "billing/invoicing/pay_link.html", context)

    def post(self, request: HttpRequest, number: str) -> HttpResponseBase:
        invoice, act = self._invoice(), request.POST.get("acte", "")
        change: dict[str, Any] = {
            "creer": services.make_pay_link,
            "renouveler": services.renew_pay_link,
            "revoquer": services.revoke_pay_link,
        }
        try:
            if act in change:
                change[act](invoice=invoice, at=timezone.now(), actor=request.user)
                messages.success(request, DONE[act])
        except services.CannotShare as refusal:
            messages.error(request, refusal.message)
        return redirect("invoicing:pay_link", number=number)

    def _invoice(self) -> Invoice:
        rows = self.visible(Invoice).select_related("company").defer("search_vector")
        return self.paper_or_404(rows)
