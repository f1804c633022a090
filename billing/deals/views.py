"""The payment link of an opportunity in JSON, for scripts of the team."""

import json
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.generic import View

from billing.deals import queries, services
from billing.payments.gateways import STRIPE
from billing.payments.services import PaymentUnavailable, SalePaid, routes_of
from billing.payments.services.attempts import CannotPay
from core.access.row_guard import policy_of
from portal.crm.models import Opportunity

LONGEST = 200


class PaymentLinkView(View):
    """POST asks for the link: `{"url", "status"}`, or `{"error"}` and 400, 409 or 503.

    `channel`, `provider` and `label` may be given, in a form or in JSON; without a channel the
    page of Stripe is opened where it can be, else that of the first way to pay. GET says where
    the payment stands, and opens nothing.
    """

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, pk: int) -> JsonResponse:
        return _answer(self._opportunity(request, pk, "view"))

    def post(self, request: HttpRequest, pk: int) -> JsonResponse:
        opportunity = self._opportunity(request, pk, "change")
        wish = _read_wish(request)
        channel, provider = wish["channel"], wish["provider"]
        try:
            if not channel:
                channel, provider = _first_way(opportunity, provider)
            services.make_payment_link(
                opportunity=opportunity,
                channel=channel,
                provider=provider,
                label=wish["label"],
                actor=request.user,
                at=timezone.now(),
            )
        except CannotPay as refusal:
            return JsonResponse({"error": refusal.message}, status=_status_of(refusal))
        return _answer(opportunity)

    def _opportunity(self, request: HttpRequest, pk: int, act: str) -> Opportunity:
        policy = policy_of(Opportunity)
        if not policy.user_has_permission(request.user, act):
            raise PermissionDenied
        rows = policy.instances_user_has_any_permission_for(request.user, {act})
        return get_object_or_404(rows.select_related("stage", "client"), pk=pk)


def _answer(opportunity: Opportunity) -> JsonResponse:
    standing = queries.standing_of(opportunity, at=timezone.now())
    return JsonResponse({"url": standing.url, "status": str(standing.status)})


def _status_of(refusal: CannotPay) -> int:
    if isinstance(refusal, SalePaid):
        return 409
    return 503 if isinstance(refusal, PaymentUnavailable) else 400


def _first_way(opportunity: Opportunity, provider: str) -> tuple[str, str]:
    """Return the channel and the provider to use when none is asked for; "" when there is none."""
    wanted = provider or STRIPE
    ways = [
        (channel.key, route.access.provider)
        for channel, route in routes_of(opportunity, at=timezone.now())
    ]
    return next((way for way in ways if way[1] == wanted), ways[0] if ways else ("", provider))


def _read_wish(request: HttpRequest) -> dict[str, str]:
    """Return what is asked for, whatever was sent; anything but a text is nothing."""
    sent: Any = request.POST
    if request.content_type == "application/json":
        try:
            sent = json.loads(request.body)
        except ValueError:
            sent = {}
    values = sent if hasattr(sent, "get") else {}
    found = {name: values.get(name, "") for name in ("channel", "provider", "label")}
    return {
        name: value[:LONGEST] if isinstance(value, str) else "" for name, value in found.items()
    }
