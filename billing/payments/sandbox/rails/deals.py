"""A payment at one of the stand-ins, and the stories that may be told of it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Deal:
    """One payment: what a merchant asked, and how it stands. Amounts in minor units."""

    id: str
    provider: str
    reference: str
    amount: int
    currency: str
    description: str
    notify_url: str
    back_url: str
    cancel_url: str
    created_at: float
    expires_at: float
    state: str = "open"  # open, waiting, paid, failed, expired, reversed
    txn_id: str = ""
    secret: str = field(default="", repr=False)
    facts: dict[str, str] = field(default_factory=dict)
    paid_at: float | None = None
    refunded: int = 0
    amount_shift: int = 0
    told_currency: str = ""
    broken_checks: int = 0
    story: str = ""

    @property
    def is_payable(self) -> bool:
        return self.state in {"open", "waiting", "failed"}

    @property
    def told_amount(self) -> int:
        """The amount that the provider says, which a scenario may make wrong."""
        return self.amount + self.amount_shift


@dataclass(frozen=True)
class Story:
    """What happens to a payment: its state, what is wrong with it, and how it is told."""

    title: str
    state: str
    notices: tuple[str, ...] = ("now",)  # now, late, old, forged
    amount_shift: int = 0
    told_currency: str = ""
    broken_checks: int = 0
    then: str = ""


STORIES: dict[str, Story] = {
    "success": Story("Accepté", "paid"),
    "refused": Story("Refusé", "failed"),
    "pending": Story("En attente, longtemps", "waiting", ()),
    "late": Story("Accepté, notifié cinq minutes après", "paid", ("late",)),
    "silent": Story("Accepté, jamais notifié", "paid", ()),
    "double": Story("Accepté, notifié trois fois", "paid", ("now", "now", "now")),
    "disorder": Story("Accepté, notifications dans le désordre", "paid", ("now", "old")),
    "amount": Story("Accepté pour un montant plus petit", "paid", amount_shift=-500),
    "currency": Story("Accepté dans une autre devise", "paid", told_currency="XAF"),
    "forged": Story("Accepté, notification mal signée", "paid", ("forged",)),
    "down": Story("Accepté, deux vérifications en erreur 500", "paid", broken_checks=2),
    "reversal": Story("Accepté, puis repris", "paid", ("now", "now"), then="reversed"),
    "expired": Story("Expiré sans payer", "expired"),
}
LATE = 300  # seconds
