"""The page of a quote, and the client’s answer to it."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.invoicing import services
from billing.invoicing.forms import AcceptQuoteForm, RefuseQuoteForm
from billing.invoicing.models import Quote, QuoteAnswer
from billing.invoicing.papers import document_of
from billing.invoicing.states import quote_state
from billing.invoicing.views.base import BillingPageMixin
from core.access.grants import may
from core.access.roles import Grant
from core.access.views import ScopedActionView, ScopedDetailView
from core.files.links import download_response
from core.throttle import address_of


class QuoteView(BillingPageMixin, ScopedDetailView):
    """A quote as a paper, beside the two answers while it can be answered."""

    model = Quote
    template_name = "billing/invoicing/quote_detail.html"
    context_object_name = "quote"
    accept_form: Form | None = None
    refuse_form: Form | None = None

    def get_object(self, queryset: Any = None) -> Quote:
        return self.paper_or_404(self.get_queryset().defer("search_vector"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        quote, today, user = self.object, timezone.localdate(), self.request.user
        waits = quote.status == Quote.Status.SENT and not quote.is_expired(today)
        answers = self.visible(QuoteAnswer).filter(quote=quote)
        return super().get_context_data(
            document=document_of(quote),
            page_url=reverse("invoicing:quote", args=[quote.number]),
            state=quote_state(quote, today),
            waits_for_answer=waits,
            answer=answers.select_related("certificate").first() if quote.decided_at else None,
            may_answer=waits and may(user, Grant.PAY_INVOICES, quote.client_id),
            accept_form=self.accept_form
            or AcceptQuoteForm(initial={"name": user.get_full_name(), **self.kept}),
            refuse_form=self.refuse_form or RefuseQuoteForm(initial=self.kept),
            invoices=quote.invoices.visible_to(user).only("number").order_by("pk"),
            **kwargs,
        )


class QuoteAnswerView(QuoteView):
    """An answer to a quote: the page again when something is missing, else one service call."""

    http_method_names = ["post", "get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return redirect("invoicing:quote", number=kwargs["number"])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.object = self.get_object()
        form = self.read_form()
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(), status=422)
        try:
            self.answer(form.cleaned_data)
        except services.CannotDecide as refusal:
            messages.error(request, refusal.message)
        return redirect("invoicing:quote", number=self.object.number)

    def read_form(self) -> Form:
        """Read what was typed, and keep it for the page."""
        raise NotImplementedError

    def answer(self, typed: dict[str, Any]) -> None:
        """Make the one service call."""
        raise NotImplementedError

    @property
    def origin(self) -> dict[str, Any]:
        """Return where the answer comes from: the address our proxies tell, and the browser."""
        return {
            "ip": address_of(self.request) or None,
            "user_agent": self.request.headers.get("User-Agent", ""),
        }


class AcceptQuoteView(QuoteAnswerView):
    def read_form(self) -> Form:
        self.accept_form = AcceptQuoteForm(self.request.POST)
        return self.accept_form

    def answer(self, typed: dict[str, Any]) -> None:
        services.accept_quote(
            quote=self.object,
            name=typed["name"],
            **self.origin,
            at=timezone.now(),
            actor=self.request.user,
        )
        messages.success(
            self.request, _("Merci, le devis est accepté. Une confirmation part par e-mail.")
        )


class RefuseQuoteView(QuoteAnswerView):
    def read_form(self) -> Form:
        self.refuse_form = RefuseQuoteForm(self.request.POST)
        return self.refuse_form

    def answer(self, typed: dict[str, Any]) -> None:
        services.refuse_quote(
            quote=self.object,
            reason=typed["reason"],
            **self.origin,
            at=timezone.now(),
            actor=self.request.user,
        )
        messages.success(self.request, _("Votre réponse est enregistrée. Merci de l’avoir dite."))


class CertificateView(BillingPageMixin, ScopedActionView):
    """The certificate of an acceptance, once the worker has drawn it."""

    def get(self, request: HttpRequest, number: str) -> HttpResponseBase:
        quote = self.paper_or_404(self.visible(Quote))
        answer = self.visible_or_404(QuoteAnswer, quote=quote)
        if answer.certificate is None:
            raise Http404
        return download_response(request, answer.certificate)
