"""The PDFs of papers."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.invoicing.models import CreditNote, Invoice, Quote
from billing.invoicing.views.base import BillingPageMixin
from core.access.views import ScopedActionView
from core.files.links import download_response


class PaperPdfView(BillingPageMixin, ScopedActionView):
    """The PDF of a paper, or its page when the worker has not made it yet."""

    model: type
    page = ""

    def get(self, request: HttpRequest, number: str) -> HttpResponseBase:
        papers = self.visible(self.model).select_related("pdf")
        paper = self.paper_or_404(papers)
        if paper.pdf is None:
            messages.info(request, _("Le PDF est en préparation : réessayez dans un instant."))
            return redirect(self.page_url(paper))
        return download_response(request, paper.pdf)

    def page_url(self, paper: Any) -> str:
        """Return the page where the paper is read."""
        return reverse(self.page, args=[paper.number])


class InvoicePdfView(PaperPdfView):
    model = Invoice
    page = "invoicing:invoice"


class QuotePdfView(PaperPdfView):
    model = Quote
    page = "invoicing:quote"


class CreditNotePdfView(PaperPdfView):
    model = CreditNote

    def page_url(self, paper: CreditNote) -> str:
        return reverse("invoicing:invoice", args=[paper.invoice.number])
