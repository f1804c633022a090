"""How much may be asked online for what is due. Whole units of the currency throughout.

A provider takes multiples of a step (5 F) only. The whole due is asked rounded down to the
step, so a client never pays more than the invoice; the 1 to 4 F left are written off when
the money comes, as an allocation of kind `rounding`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from billing.payments.providers.base import Capabilities
from core.money import format_amount

MOST_TRANCHES = 100


class WrongAmount(Exception):
    """An amount cannot be paid online; the first argument is a sentence for the payer."""


@dataclass(frozen=True)
class Limits:
    """What one payment may be in one currency."""

    least: int
    most: int
    step: int
    currency: str
    left_today: int | None = None  # of the day's ceiling; None where there is none

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

    def narrowed(
        self, *, least: int | None = None, most: int | None = None, left_today: int | None = None
    ) -> Limits:
        """Return the same limits, held closer by those of a channel; None holds nothing."""
        ceilings = [each for each in (self.most, most, left_today) if each is not None]
        return replace(
            self,
            least=max(self.least, least or 0),
            most=max(min(ceilings), 0),
            left_today=left_today,
        )

    @property
    def is_used_up(self) -> bool:
        """Tell whether the ceiling leaves nothing that could be paid."""
        return self.whole(self.most) < self.least

    def whole(self, due: int) -> int:
        """Return what is asked for the whole due: rounded down to the step."""
        return due - due % self.step

    def largest(self, due: int) -> int:
        """Return the largest amount payable at once, 0 when the due is too small.

        When the due is over the ceiling, what stays is itself payable.
        """
        whole = self.whole(due)
        if whole < self.least or self.is_used_up:
            return 0
        if whole <= self.most:
            return whole
        most = self.whole(self.most)
        if whole - most >= self.least:
            return most
        shorter = self.whole(whole - self.least)
        return shorter if shorter >= self.least else most

    def tranches(self, due: int) -> list[int]:
        """Return the amounts that pay a due one after the other, each of them payable.

        As few as can be, the largest first; nothing when the due is too small, or would take
        more than a hundred. 3 250 000 under a ceiling of 1 000 000 is three times 1 000 000,
        then 250 000. The day's ceiling holds the first ones only as far as it does the others.
        """
        amounts: list[int] = []
        left = self.whole(due)
        while left >= self.least and (amount := self.largest(left)):
            if len(amounts) == MOST_TRANCHES:
                return []
            amounts.append(amount)
            left -= amount
        return amounts

    def choose(self, due: int, wanted: int | None) -> int:
        """Return the amount to ask: the whole due, or the part the client wants.

        :raises WrongAmount: if it is too small, too large, not on the step, or strands a rest.
        """
        amount = self.whole(due) if wanted is None else wanted
        if due < self.least:
            raise WrongAmount(_("Ce montant est trop faible pour être payé en ligne."))
        if self.is_used_up and self.left_today is not None:
            raise WrongAmount(_("Le plafond du jour de ce moyen est atteint. Revenez demain."))
        if amount > self.most:
            raise WrongAmount(self._over_ceiling(due))
        if amount < self.least or amount % self.step or amount > due:
            raise WrongAmount(self._out_of_range(due))
        left = due - amount
        if left >= self.step and left < self.least:
            raise WrongAmount(self._strands_a_rest())
        return amount

    def _over_ceiling(self, due: int) -> str:
        most = format_amount(self.whole(self.most), self.currency)
        if self.left_today is not None and self.most == self.left_today:
            text = _("Il reste %(most)s à payer aujourd’hui par ce moyen. Le plafond est par jour.")
            return text % {"most": most}
        text = _("Un paiement en ligne ne dépasse pas %(most)s. Payez en plusieurs fois.")
        words = text % {"most": most}
        plan = describe_tranches(self.tranches(due), self.currency)
        return f"{words} {plan}" if plan else words

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


def describe_tranches(amounts: list[int], currency: str) -> str:
    """Say in French how a due is paid in several times; "" when once is enough."""
    if len(amounts) < 2:
        return ""
    groups: list[list[int]] = []
    for amount in amounts:
        if groups and groups[-1][0] == amount:
            groups[-1][1] += 1
        else:
            groups.append([amount, 1])
    parts = [
        format_amount(amount, currency)
        if times == 1
        else _("%(times)s × %(amount)s")
        % {"times": times, "amount": format_amount(amount, currency)}
        for amount, times in groups
    ]
    facts = {"count": len(amounts), "parts": _(", puis ").join(parts)}
    return _("Soit %(count)s versements : %(parts)s.") % facts
