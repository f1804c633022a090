"""Which VAT rate and which tax rule hold on a day: both are data with dates."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from billing.invoicing.services import Refused
from core.accounts.models import TaxRule, VatRate
from core.money import format_percent


class NotInForce(Refused):
    """A rate or a rule of a contract no longer holds, and none has taken its place."""


def is_in_force(row: VatRate | TaxRule, on: date) -> bool:
    """Tell whether a rate or rule holds on a day."""
    is_begun = row.valid_from is None or row.valid_from <= on
    return is_begun and (row.valid_until is None or on <= row.valid_until)


def rate_on(line: Any, rates: Iterable[VatRate], on: date) -> Decimal:
    """Return the rate, in percent, that a line bears on a day: its own, or what replaced it.

    A rate that the settings do not name is taken as it is.

    :raises NotInForce: if it ended and not exactly one rate of its nature has followed.
    """
    rates = list(rates)
    same = [rate for rate in rates if rate.rate == line.vat_rate]
    if not same or any(is_in_force(rate, on) for rate in same):
        return line.vat_rate
    nature = line.vat_code or same[0].code
    following = {rate.rate for rate in rates if rate.code == nature and is_in_force(rate, on)}
    if len(following) != 1:
        text = _("La TVA à %(rate)s n’est plus en vigueur : choisissez un autre taux.")
        raise NotInForce(text % {"rate": format_percent(line.vat_rate)})
    return following.pop()


def rule_on(rule: TaxRule | None, rules: Iterable[TaxRule], on: date) -> TaxRule | None:
    """Return the rule that holds on a day in place of one: itself, or its namesake.

    :raises NotInForce: if it ended and not exactly one of the same name has followed.
    """
    if rule is None or is_in_force(rule, on):
        return rule
    following = [
        each
        for each in rules
        if (each.kind, each.label) == (rule.kind, rule.label) and is_in_force(each, on)
    ]
    if len(following) != 1:
        text = _("« %(rule)s » n’est plus en vigueur : choisissez une autre règle.")
        raise NotInForce(text % {"rule": rule})
    return following[0]
