"""The files joined to payments and declarations, for whoever may view these."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from wagtail import hooks

from billing.payments.models import Payment, TransferDeclaration
from core.files.links import download_response

SOURCES: dict[str, Any] = {"payment": Payment, "transferdeclaration": TransferDeclaration}


def hand_over(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """Hand the proof of a row over.

    :raises PermissionDenied: if the person may not view such rows.
    """
    if not request.user.has_perm(f"payments.view_{name}"):
        raise PermissionDenied
    row = get_object_or_404(SOURCES[name].objects.select_related("proof"), pk=pk)
    if row.proof is None:
        raise Http404
    return download_response(request, row.proof, inline=True)


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    """Give the addresses of proofs, one per kind of row."""
    return [
        path("justificatifs/paiement/<int:pk>/", hand_over, {"name": "payment"}, "payment_proof"),
        path(
            "justificatifs/declaration/<int:pk>/",
            hand_over,
            {"name": "transferdeclaration"},
            "declaration_proof",
        ),
    ]
