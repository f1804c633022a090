"""The daily proof: our ledger, the invoices and the providers say the same, day by day."""

from typing import Any

from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from billing.payments.queries import RULES, find_differences
from billing.treasury.proof import daily_proof, link_to
from billing.treasury.screens.base import TreasuryPage, may_view
from core.backoffice import menu


class ProofPage(TreasuryPage):
    """Every rule, the rows that break one, and the sums of the last days."""

    template_name = "billing/treasury/proof.html"
    page_title = _("Preuve du jour")
    header_icon = "check"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = find_differences()
        return super().get_context_data(
            differences=[(each, link_to(each)) for each in found],
            rules=len(RULES),
            days=daily_proof(timezone.localdate()),
            **kwargs,
        )


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    """Give the address of the page."""
    return [path("tresorerie/preuve/", ProofPage.as_view(), name="treasury_proof")]


menu.add_link(
    "tresorerie", _("Preuve du jour"), "treasury_proof", icon="check", order=55, shown=may_view
)
