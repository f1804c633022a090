"""The page of a quote, and the client’s answer to it."""

import re
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.invoicing import services
from billing.invoicing.documents import DocumentView
from billing.invoicing.forms import AcceptQuoteForm, RefuseQuoteForm
from billing.invoicing.models import Quote, QuoteAnswer
from billing.invoicing.papers import document_of
from billing.invoicing.quote_steps import quote_steps
from billing.invoicing.states import quote_state
from billing.invoicing.views.base import BillingPageMixin
from core.access.grants import may
from core.access.roles import Grant
from core.access.views import ScopedActionView, ScopedDetailView
from core.files.links import download_response
from core.money import format_amount
from core.throttle import address_of

ID = re.compile(r"[0-9]{1,18}")


class QuoteView(BillingPageMixin, ScopedDetailView):
    """A quote as a paper, beside its options and the two answers while it can be answered."""

    model = Quote
    template_name = "billing/invoicing/quote_detail.html"
    context_object_name = "quote"
    accept_form: Form | None = None
    refuse_form: Form | None = None
    option_ids: tuple[int, ...] | None = None  # as ticked on the page, not kept yet

    def get_object(self, queryset: Any = None) -> Quote:
        rows = self.get_queryset().select_related("replaces").defer("search_vector")
        return self.paper_or_404(rows.defer("search_vector", "replaces__search_vector"))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().get(request, *args, **kwargs)
        quote = self.object
        if quote.seen_at is None and quote.status == Quote.Status.SENT:
            services.mark_quote_seen(quote=quote, at=timezone.now(), actor=request.user)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        quote, today, user = self.object, timezone.localdate(), self.request.user
        choice = services.price_choice(quote, self.option_ids)
        document = document_of(quote, lines=choice.lines, plan=choice.instalments)
        later = self.visible(Quote).filter(replaces=quote).only("number").first()
        waits = quote.status == Quote.Status.SENT and not quote.is_expired(today)
        answers = self.visible(QuoteAnswer).filter(quote=quote)
        return super().get_context_data(
            document=document,
            options=option_rows(choice, document),
            later=later,
            steps=quote_steps(quote, later, today),
            page_url=reverse("invoicing:quote", args=[quote.number]),
            state=quote_state(quote, today),
            waits_for_answer=waits,
            answer=answers.select_related("certificate").first() if quote.decided_at else None,
            may_answer=waits and may(user, Grant.PAY_INVOICES, quote.client_id),
            accept_form=self.accept_form
            or AcceptQuoteForm(initial={"name": user.get_full_name(), **self.kept}),
            refuse_form=self.refuse_form or RefuseQuoteForm(initial=self.kept),
            invoices=quote.invoices.visible_to(user).only("number", "kind").order_by("pk"),
            **kwargs,
        )


def option_rows(choice: services.Choice, document: DocumentView) -> list[dict[str, Any]]:
    """Return what may be taken or left: its line, and its amount as the paper shows it."""
    drawn = zip(choice.lines, document.lines, strict=True)
    return [
        {"line": line, "amount": format_amount(shown.total.amount, choice.quote.currency)}
        for line, shown in drawn
        if line.is_option
    ]


class QuoteAnswerView(QuoteView):
    """An answer to a quote: the page again when something is missing, else one service call."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return redirect("invoicing:quote", number=self.get_object().number)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.object = self.get_object()
        form = self.read_form()
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(), status=422)
        try:
            self.answer(form.cleaned_data)
        except services.TotalChanged as refusal:
            form.add_error(None, refusal.message)
            return self.render_to_response(self.get_context_data(), status=422)
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


class ChooseOptionsView(QuoteView):
    """The page with the options ticked, priced anew; nothing is kept, nothing agreed to."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return redirect("invoicing:quote", number=self.get_object().number)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.object = self.get_object()
        self.option_ids = read_options(request, self.object)
        typed = {"name": request.POST.get("name", ""), "agrees": "agrees" in request.POST}
        self.accept_form = AcceptQuoteForm(initial=typed)
        return self.render_to_response(self.get_context_data())


def read_options(request: HttpRequest, quote: Quote) -> tuple[int, ...] | None:
    """Return the options ticked; None when the quote waits for no answer: it says what was."""
    if quote.status != Quote.Status.SENT:
        return None
    known = set(quote.lines.filter(is_option=True).values_list("pk", flat=True))
    ticked = {int(text) for text in request.POST.getlist("option") if ID.fullmatch(text)}
    return tuple(sorted(ticked & known))


class AcceptQuoteView(QuoteAnswerView):
    def read_form(self) -> Form:
        self.option_ids = read_options(self.request, self.object)
        self.accept_form = AcceptQuoteForm(self.request.POST)
        return self.accept_form

    def answer(self, typed: dict[str, Any]) -> None:
        services.accept_quote(
            quote=self.object,
            name=typed["name"],
            options=self.option_ids or (),
            seen_total=typed["total"],
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
