"""Where a payment stands: for its owner, and by a signed link for whoever lost the session."""

from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from billing.invoicing import pay_links
from billing.payments import links, nudges, standing
from billing.payments.models import AttemptEvent, PaymentAttempt
from billing.payments.providers.base import GatewayError
from billing.payments.services import check_attempt
from billing.payments.services.checking import TooSoon
from core import rls
from core.access.roles import Grant
from core.access.views import ClientPageMixin

SIGNED_DAYS = 90


def _invoice_url(attempt: PaymentAttempt) -> str:
    """Return the page of the invoice, else that of what was paid."""
    if attempt.invoice is None:
        return reverse("payments:list")
    return links.invoice_path(attempt.invoice.number)


class OwnAttempt(ClientPageMixin):
    """Finds an attempt that the signed-in person may see."""

    grant = Grant.VIEW_BILLING
    nav_key = "billing"
    layout = "base.html"
    is_signed = False

    def attempt(self):
        return self.visible_or_404(
            PaymentAttempt,
            reference=self.kwargs["reference"],
        )

    def address(self, name):
        return reverse(f"payments:attempt{name}", args=[self.kwargs["reference"]])


class SignedAttempt:
    """Finds the attempt of a signed link; the rest of its client stays out of sight."""

    nav_key = ""
    layout = "public_base.html"
    is_signed = True

    def dispatch(self, request, *args, **kwargs):
        reference = links.read_token(kwargs["token"])
        with rls.staff("payments: a signed link names one attempt"):
            found = PaymentAttempt.objects.filter(reference=reference).first()
        is_old = found and (timezone.now() - found.created_at).days >= SIGNED_DAYS
        if found is None or is_old:
            raise Http404
        self.found = found
        with rls.clients(found.client_id):
            response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"  # nobody need be signed in to read it
        return response

    def attempt(self):
        return self.found

    def address(self, name):
        return reverse(f"payments:signed{name}", args=[self.kwargs["token"]])


class PageMixin:
    """The page itself; htmx asks it again for the part that changes."""

    def get(self, request, **kwargs):
        attempt = self.attempt()
        if attempt.is_live:
            nudges.ask_soon(attempt.pk)
        name = "parts/standing.html" if request.htmx else "attempt.html"
        return render(request, f"billing/payments/{name}", self.context(attempt))

    def pay_link_url(self, attempt: PaymentAttempt) -> str:
        """Return where a payer without an account came from, while that link opens."""
        link = attempt.pay_link if self.is_signed else None
        return pay_links.url_of(link) if link is not None and link.revoked_at is None else ""

    def context(self, attempt: Model) -> dict:
        receipt = getattr(getattr(attempt, "payment", None), "receipt", None)
        return {
            "layout": self.layout,
            "nav_key": self.nav_key,
            "is_signed": self.is_signed,
            "attempt": attempt,
            "invoice": attempt.invoice,
            "invoice_url": _invoice_url(attempt),
            "receipt": receipt,
            "standing": standing.describe(attempt, at=timezone.now(), receipt=receipt),
            "page_url": self.address(""),
            "check_url": self.address("_check"),
            "pay_link_url": self.pay_link_url(attempt),
        }


class StatusMixin:
    """The same in JSON."""

    def get(self, request, **kwargs):
        attempt = self.attempt()
        if attempt.is_live:
            nudges.ask_soon(attempt.pk)
        shown = standing.describe(attempt, at=timezone.now())
        return JsonResponse(
            {
                "status": shown.status,
                "reference": attempt.reference,
                "invoice": attempt.invoice.number if attempt.invoice else None,
                "amount": attempt.amount,
                "currency": attempt.currency,
                "message": shown.title,
                "poll_seconds": shown.seconds,
            }
        )


class CheckMixin:
    """« Vérifier maintenant »: asks the provider at once, a few seconds apart at the least."""

    http_method_names = ["post"]

    def post(self, request, **kwargs):
        attempt = self.attempt()
        try:
            source = AttemptEvent.Source.RETURN
            check_attempt(attempt_id=attempt.pk, source=source, at=timezone.now())
        except TooSoon:
            messages.info(request, _("Nous venons de demander. Patientez quelques secondes."))
        except GatewayError as error:
            messages.warning(request, error.payer_message)
        return HttpResponseRedirect(self.address(""), status=303)


class AttemptView(OwnAttempt, PageMixin, View):
    """The page of a payment, for the client."""


class AttemptStatusView(OwnAttempt, StatusMixin, View):
    """Where a payment stands, for the client's scripts."""


class AttemptCheckView(OwnAttempt, CheckMixin, View):
    """A check asked by the client."""


class SignedView(SignedAttempt, PageMixin, View):
    """The page of a payment, by a signed link."""


class SignedStatusView(SignedAttempt, StatusMixin, View):
    """Where a payment stands, by a signed link."""


class SignedCheckView(SignedAttempt, CheckMixin, View):
    """A check asked by a signed link."""
