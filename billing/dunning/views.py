"""A client gives a date, or contests an invoice, from its page."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.dunning import services
from billing.dunning.forms import ContestForm, PromiseForm
from billing.dunning.portal_hooks import FORMS
from billing.invoicing.views import InvoiceView
from core.access.views import OnceOnlyMixin
from core.once import once


class DifficultyView(OnceOnlyMixin, InvoiceView):
    """The page of the invoice again when something is missing, else one service call."""

    http_method_names = ["get", "head", "post"]
    form_name = ""
    done: Any = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return redirect("invoicing:invoice", number=self.get_object().number)

    def take(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.object = self.get_object()
        form = self.read_form()
        if form.is_valid():
            try:
                self.act(form.cleaned_data)
            except services.CannotHold as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(request, self.done_text())
                return redirect("invoicing:invoice", number=self.object.number)
        once(request, FORMS, dict)[self.form_name] = form
        return self.render_to_response(self.get_context_data(), status=422)

    def read_form(self) -> Form:
        """Read what was typed."""
        raise NotImplementedError

    def act(self, typed: dict[str, Any]) -> None:
        """Make the one service call."""
        raise NotImplementedError

    def done_text(self) -> str:
        """Return what the person reads once it is done."""
        raise NotImplementedError


class PromiseView(DifficultyView):
    form_name = "promise"

    def read_form(self) -> Form:
        return PromiseForm(self.request.POST, today=timezone.localdate())

    def act(self, typed: dict[str, Any]) -> None:
        services.promise_payment(
            invoice=self.object,
            promised_for=typed["promised_for"],
            on=timezone.localdate(),
            at=timezone.now(),
            actor=self.request.user,
            is_by_client=True,
        )

    def done_text(self) -> str:
        return _("Merci : nous avons noté votre date.")


class ContestView(DifficultyView):
    form_name = "contest"

    def read_form(self) -> Form:
        return ContestForm(self.request.POST)

    def act(self, typed: dict[str, Any]) -> None:
        services.contest_invoice(
            invoice=self.object,
            reason=typed["reason"],
            at=timezone.now(),
            actor=self.request.user,
        )

    def done_text(self) -> str:
        return _(
            "C’est noté : notre équipe vous répond. Vous n’êtes plus relancé sur cette facture."
        )
