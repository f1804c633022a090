"""What providers call: the notification, and the browser they send back."""

import logging
import re
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from billing.payments import gateways, links, nudges
from billing.payments.models import PaymentAttempt
from billing.payments.providers.base import RawWebhook
from billing.payments.services import Reception, receive_notification
from billing.payments.services.inbox import MOST_BYTES
from core import rls
from core.throttle import address_of

logger = logging.getLogger(__name__)

HOME = "/client/"
REFERENCE = re.compile(r"[A-Z0-9]{8,20}")
STATUS = {
    Reception.PING: 200,
    Reception.KEPT: 200,
    Reception.REFUSED: 403,
    Reception.UNKNOWN: 404,
    Reception.TOO_LARGE: 413,
    Reception.TOO_MANY: 429,
}


@method_decorator(csrf_exempt, name="dispatch")
class WebhookView(View):
    """Keeps what a provider says. The answer is the same whether we know the payment or not."""

    http_method_names = ["get", "head", "post"]

    def get(self, request, provider):
        _require_known(provider)
        return HttpResponse(b"", content_type="text/plain")

    def post(self, request, provider):
        provider = _require_known(provider)
        if not is_allowed(address_of(request)):
            logger.warning("A notification came from %s, which is not allowed", address_of(request))
            return HttpResponse(b"", content_type="text/plain", status=403)
        raw = read_raw(request)
        reception = receive_notification(provider=provider, raw=raw, at=timezone.now())
        if reception is Reception.KEPT:
            nudges.work_inbox_soon()
        return HttpResponse(b"", content_type="text/plain", status=status_of(provider, reception))


def _require_known(name: str) -> str:
    """Return the provider of an address; Orange Money has a shorter name too."""
    provider = gateways.ORANGE if name in ("orange", "orange_money") else name
    if provider not in gateways.PROVIDERS:
        raise Http404
    return provider


def status_of(provider: str, reception: Reception) -> int:
    """Return the answer to a notification: Stripe reads 400 as « bad signature », others 403."""
    if provider == gateways.STRIPE and reception is Reception.REFUSED:
        return 400
    if provider == gateways.CINETPAY and reception is Reception.UNKNOWN:
        return 403  # its newer API names the payment: the token beside it is wrong
    return STATUS[reception]


@method_decorator(csrf_exempt, name="dispatch")
class ReturnView(View):
    """Where the provider sends the browser back, by GET or POST, often without its session.

    Believes nothing but the reference, asks for a check, and leads to the signed page.
    """

    http_method_names = ["get", "head", "post"]

    def get(self, request):
        return self._lead(request.GET)

    def post(self, request):
        return self._lead(request.POST)

    def _lead(self, params):
        reference = params.get("transaction_id", "")
        if not REFERENCE.fullmatch(reference):
            return HttpResponseRedirect(HOME, status=303)
        with rls.staff("payments: find the attempt a browser comes back from"):
            attempt = PaymentAttempt.objects.filter(reference=reference).first()
        if attempt is None:
            return HttpResponseRedirect(HOME, status=303)
        if attempt.is_live:
            nudges.ask_soon(attempt.pk)
        return HttpResponseRedirect(links.page_path(attempt), status=303)


def read_raw(request) -> RawWebhook:
    """Take a notification as it came, at most one byte more than is ever kept."""
    return RawWebhook(
        method=request.method,
        headers={name.lower(): value for name, value in request.headers.items()},
        body=request.read(MOST_BYTES + 1),
        content_type=request.headers.get("content-type", ""),
        remote_addr=address_of(request),
        received_at=timezone.now(),
    )


def is_allowed(address: str) -> bool:
    """Tell whether providers may call from an address: any, or those of the setting alone."""
    if not settings.PAYMENT_WEBHOOK_IPS:
        return True
    try:
        caller = ip_address(address)
    except ValueError:
        return False
    return any(caller in ip_network(each, strict=False) for each in settings.PAYMENT_WEBHOOK_IPS)
