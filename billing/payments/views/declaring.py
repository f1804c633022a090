"""« J’ai payé autrement »: a client says to have paid an invoice outside the portal."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.invoicing.models import Invoice
from billing.payments import links
from billing.payments.forms import DeclarationForm
from billing.payments.models import TransferDeclaration
from billing.payments.services import CannotDeclare, Slip, declare_transfer
from core.access.grants import require
from core.access.roles import Grant
from core.access.views import OnceOnlyMixin, ScopedActionView
from core.money import format_figure


class DeclareView(OnceOnlyMixin, ScopedActionView):
    """Where to pay outside the portal, and the form that says it was done."""

    grant = Grant.PAY_INVOICES
    nav_key = "billing"

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        invoice = self._invoice(number)
        due = format_figure(invoice.amount_due, invoice.currency)
        initial = {"amount": due, "paid_on": timezone.localdate(), **self.kept}
        return self._page(invoice, DeclarationForm(invoice=invoice, initial=initial))

    def take(self, request: HttpRequest, number: str) -> HttpResponse:
        invoice = self._invoice(number)
        form = DeclarationForm(request.POST, request.FILES, invoice=invoice)
        if not form.is_valid():
            return self._page(invoice, form, status=422)
        values = form.cleaned_data
        files = values["files"]
        try:
            declare_transfer(
                invoice=invoice,
                account=values["account"],
                amount=values["amount"],
                paid_on=values["paid_on"],
                actor=request.user,
                at=timezone.now(),
                slip=Slip(
                    reference=values["reference"],
                    payer_name=values["payer_name"],
                    payer_phone=values["payer_phone"],
                    proof=files[0] if files else None,
                ),
            )
        except CannotDeclare as refusal:
            form.add_error(None, refusal.message)
            return self._page(invoice, form, status=422)
        except ValidationError as refusal:
            form.add_error("files", refusal.messages[0])
            return self._page(invoice, form, status=422)
        messages.success(request, _("Merci : nous vérifions et vous répondons sous 48 heures."))
        return HttpResponseRedirect(links.invoice_path(invoice.number), status=303)

    def _invoice(self, number: str) -> Invoice:
        invoice: Invoice = self.visible_or_404(Invoice, number=number)
        require(self.request.user, Grant.PAY_INVOICES, invoice.client_id)
        return invoice

    def _page(self, invoice: Invoice, form: DeclarationForm, status: int = 200) -> HttpResponse:
        pending = TransferDeclaration.objects.visible_to(self.request.user).filter(
            invoice=invoice, state=TransferDeclaration.State.PENDING
        )
        context: dict[str, Any] = {
            "nav_key": self.nav_key,
            "invoice": invoice,
            "invoice_url": links.invoice_path(invoice.number),
            "accounts": list(form.fields["account"].queryset),  # type: ignore[attr-defined]
            "pending": list(pending.select_related("account").order_by("-pk")),
            "form": form,
        }
        return render(self.request, "billing/payments/declare.html", context, status=status)
