"""The page of an invoice: what it says, where it stands, how to pay it."""

from typing import Any

from django.utils import timezone

from billing.invoicing import services
from billing.invoicing.documents import DocumentView
from billing.invoicing.models import Invoice
from billing.invoicing.papers import document_of
from billing.invoicing.states import due_reminder, invoice_state
from billing.invoicing.steps import invoice_steps
from billing.invoicing.views.base import BillingPageMixin
from core import hooks
from core.access.views import ScopedDetailView
from core.pdf import qr_svg


class InvoiceView(BillingPageMixin, ScopedDetailView):
    """An invoice as a paper, beside what other modules bring: paying it, its receipts."""

    model = Invoice
    template_name = "billing/invoicing/invoice_detail.html"
    context_object_name = "invoice"

    def get_object(self, queryset: Any = None) -> Invoice:
        papers = self.get_queryset().select_related("quote", "client").with_certificates()
        papers = papers.annotate(**hooks.invoice_marks())
        papers = papers.defer("search_vector", "quote__search_vector", "client__search_vector")
        return self.paper_or_404(papers)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        invoice = self.object
        if self.request.method == "GET" and invoice.seen_at is None:
            services.mark_seen(invoice=invoice, at=timezone.now(), actor=self.request.user)
        today = timezone.localdate()
        panels = hooks.invoice_panels(self.request, invoice)
        is_being_paid = any(panel.context.get("is_being_paid") for panel in panels)
        notes = self.visible(invoice.credit_notes.model).filter(invoice=invoice)
        notes = notes if invoice.amount_credited else notes.none()
        document = document_of(invoice)
        return super().get_context_data(
            document=document,
            fiscal_code=_code(document),
            invoice_is_cancelled=invoice.status == Invoice.Status.CANCELLED,
            state=invoice_state(invoice, today, is_being_paid=is_being_paid),
            steps=invoice_steps(invoice, today),
            reminder=None if is_being_paid else due_reminder(invoice, today),
            credit_notes=notes.defer("seller", "buyer", "search_vector").order_by("pk"),
            adjustments=invoice.adjustments.order_by("pk") if invoice.amount_adjusted else [],
            aside_panels=[panel for panel in panels if panel.area == "aside"],
            main_panels=[panel for panel in panels if panel.area != "aside"],
            today=today,
            **kwargs,
        )


def _code(document: DocumentView) -> str:
    """Draw the code that leads to the tax office, of an invoice that it certified."""
    return qr_svg(document.fiscal.verification_url) if document.fiscal else ""
