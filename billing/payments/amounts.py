"""How much may be asked online for what is due. Whole units of the currency throughout.

A provider takes multiples of a step (5 F) only. The whole due is asked rounded down to the
step, so a client never pays more than the invoice; the 1 to 4 F left are written off when
the money comes, as an allocation of kind `rounding`.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from billing.payments.providers.base import Capabilities
from core.money import format_amount


class WrongAmount(Exception):
    """An amount cannot be paid online; the first argument is a sentence for the payer."""


@dataclass(frozen=True)
class Limits:
    """What one payment may be in one currency."""

    least: int
    most: int
    step: int
    currency: str

    @classmethod
    def of(cls, capabilities: Capabilities, currency: str) -> Limits:
        """Return a gateway's limits in a currency.

        :raises WrongAmount: if it does not take the currency.
        """
        if currency not in capabilities.currencies:
            raise WrongAmount(_("Cette devise ne se paie pas en ligne."))
        return cls(
            least=capabilities.min_amount[currency],
            most=capabilities.max_amount[currency],
            step=capabilities.step[currency],
            currency=currency,
        )

    def whole(self, due: int) -> int:
        """Return what is asked for the whole due: rounded down to the step."""
        return due - due % self.step

    def largest(self, due: int) -> int:
        """Return the largest amount payable at once, 0 when the due is too small.

        When the due is over the ceiling, what stays is itself payable.
        """
        whole = self.whole(due)
        if whole < self.least:
            return 0
        if whole <= self.most:
            return whole
        most = self.whole(self.most)
        return most if whole - most >= self.least else self.whole(whole - self.least)

    def choose(self, due: int, wanted: int | None) -> int:
        """Return the amount to ask: the whole due, or the part the client wants.

        :raises WrongAmount: if it is too small, too large, not on the step, or strands a rest.
        """
        amount = self.whole(due) if wanted is None else wanted
        if due < self.least:
            raise WrongAmount(_("Ce montant est trop faible pour être payé en ligne."))
        if amount > self.most:
            raise WrongAmount(self._over_ceiling())
        if amount < self.least or amount % self.step or amount > due:
            raise WrongAmount(self._out_of_range(due))
        left = due - amount
        if left >= self.step and left < self.least:
            raise WrongAmount(self._strands_a_rest())
        return amount

    def _over_ceiling(self) -> str:
        return _("Un paiement en ligne ne dépasse pas %(most)s. Payez en plusieurs fois.") % {
            "most": format_amount(self.most, self.currency)
        }

    def _out_of_range(self, due: int) -> str:
        return _("Choisissez un montant de %(least)s à %(due)s, multiple de %(step)s.") % {
            "least": format_amount(self.least, self.currency),
            "due": format_amount(min(self.whole(due), self.most), self.currency),
            "step": format_amount(self.step, self.currency),
        }

    def _strands_a_rest(self) -> str:
        return _("Il resterait moins de %(least)s, trop peu pour être payé ensuite.") % {
            "least": format_amount(self.least, self.currency)
        }
