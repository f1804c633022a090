"""Where the payment of an opportunity stands, and the proof that paid ones were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from billing.deals.models import DealPayment
from billing.payments.services.attempts import may_resume
from portal.crm.models import Opportunity

# Each answers (row, expected, found) for the rows where the two differ.
RULES = {
    "opportunity paid = the payment of its link": """
        SELECT 'opportunity ' || d.opportunity_id, coalesce(p.amount, 0), d.amount
        FROM deals_dealpayment d
        LEFT JOIN payments_payment p ON p.id = d.payment_id
        LEFT JOIN payments_paymentattempt t ON t.id = p.attempt_id
        WHERE d.payment_id IS NOT NULL
          AND (t.opportunity_id IS DISTINCT FROM d.opportunity_id OR p.currency <> d.currency)
    """,
    "settled attempt of a sale = opportunity paid": """
        SELECT t.reference, t.amount, 0
        FROM payments_paymentattempt t
        LEFT JOIN deals_dealpayment d ON d.opportunity_id = t.opportunity_id
        JOIN payments_payment p ON p.attempt_id = t.id
        WHERE t.opportunity_id IS NOT NULL AND t.state = 'succeeded' AND d.payment_id IS NULL
          AND p.amount > coalesce(
              (SELECT sum(r.amount) FROM payments_refund r WHERE r.payment_id = p.id), 0)
    """,
}


@dataclass(frozen=True)
class Standing:
    """How the payment of an opportunity stands: a word, and the link while it lives."""

    status: str
    url: str
    deal: DealPayment | None


def standing_of(opportunity: Opportunity, *, at: datetime) -> Standing:
    """Say how the payment of an opportunity stands; without a link it waits."""
    rows = DealPayment.objects.select_related("attempt", "payment__receipt", "created_by")
    deal = rows.filter(opportunity=opportunity.pk).first()
    if deal is None:
        return Standing(DealPayment.State.WAITING, "", None)
    is_open = deal.state == DealPayment.State.WAITING and may_resume(deal.attempt, at=at)
    return Standing(deal.state, deal.url if is_open else "", deal)
