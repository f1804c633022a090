"""The page that verifies a receipt, by itself once it was opened, and what it asks us."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_http_methods

from billing.proofs.codes import NotAuthentic, verify
from billing.proofs.services import public_keys
from core import hooks
from core.money import format_amount
from core.throttle import address_of, is_too_often

MOST_PER_MINUTE = 30


@require_http_methods(["GET", "HEAD", "POST"])
def verify_page(request: HttpRequest) -> HttpResponse:
    """Show the page; without a script, it verifies a code that was pasted."""
    keys = public_keys()
    context: dict[str, Any] = {"keys": json.dumps(keys), "code": request.POST.get("code", "")}
    if request.method == "POST" and not _is_too_often(request):
        context |= _answer(context["code"], keys)
    return render(request, "billing/proofs/verify.html", context)


@require_GET
@cache_control(max_age=3600, public=True)
def keys(request: HttpRequest) -> JsonResponse:
    """Publish our public keys, by name, for whoever verifies with tools of their own."""
    return JsonResponse({"algorithm": "Ed25519", "keys": public_keys()})


@require_http_methods(["POST"])
def state(request: HttpRequest) -> JsonResponse:
    """Say how what an authentic code proves stands now; nothing to a code that is not ours."""
    if _is_too_often(request):
        return JsonResponse({"words": []}, status=429)
    answer = _answer(request.POST.get("code", ""), public_keys())
    return JsonResponse({"words": answer["words"]}, status=200 if answer["proof"] else 404)


def _answer(code: str, keys: dict[str, str]) -> dict[str, Any]:
    try:
        proof = verify(code, keys)
    except NotAuthentic:
        return {"is_told": True, "proof": None, "words": []}
    amount = format_amount(proof.amount, proof.currency)
    words = hooks.proof_state(proof)
    return {"is_told": True, "proof": proof, "amount": amount, "words": words}


def _is_too_often(request: HttpRequest) -> bool:
    return is_too_often(f"proof:{address_of(request)}", most=MOST_PER_MINUTE, seconds=60)
