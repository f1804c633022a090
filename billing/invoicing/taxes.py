"""The taxes beside VAT of a paper: kept back by the client, or added by us.

Their rules are dated data of the company. Amounts are whole units of the paper's currency.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from billing.invoicing.totals import VatGroup, vat_on
from core.accounts.models import Company, TaxRule, VatCode, VatRate
from core.money import format_percent

ADDED, WITHHELD = TaxRule.Kind.ADDED, TaxRule.Kind.WITHHELD


@dataclass(frozen=True)
class Tax:
    """A tax of a paper, as it was in force. `base` is "net" or "total", `rate` a percentage."""

    kind: str
    label: str
    rate: Decimal
    base: str
    amount: int = 0
    legal_text: str = ""

    @property
    def is_added(self) -> bool:
        """Tell whether it raises what is asked; else it lowers what is paid to us."""
        return self.kind == ADDED

    @property
    def title(self) -> str:
        """Return its name with its rate, as a paper shows it."""
        return self.label if "%" in self.label else f"{self.label} {format_percent(self.rate)}"

    def as_json(self) -> dict[str, Any]:
        """Write the tax as papers keep it."""
        return {
            "kind": str(self.kind),
            "label": self.label,
            "rate": f"{self.rate:.2f}",
            "base": str(self.base),
            "amount": self.amount,
            "legal_text": self.legal_text,
        }


class RuleNotInForce(Exception):
    """A tax that a draft chose is not in force on the day; `label` names it."""

    def __init__(self, label: str) -> None:
        super().__init__(label)
        self.label = label


def in_force(on: date) -> Q:
    """Keep the dated rows (rates and rules) that are in force on a day."""
    begun = Q(valid_from=None) | Q(valid_from__lte=on)
    return begun & (Q(valid_until=None) | Q(valid_until__gte=on))


def rates_in_force(company: Company | None, on: date) -> QuerySet[VatRate]:
    """Return the VAT rates that lines may carry on a day, the one proposed first on top."""
    rates = VatRate.objects.filter(in_force(on), company=company)
    return rates.order_by("-is_default", "-rate", "pk")


def rules_in_force(company: Company | None, kind: str, on: date) -> QuerySet[TaxRule]:
    """Return the taxes of a kind that papers may bear on a day."""
    rules = TaxRule.objects.filter(in_force(on), company=company, kind=kind)
    return rules.order_by("label", "pk")


def rule_on(rule: TaxRule, on: date) -> TaxRule | None:
    """Return a rule as it is on a day: itself, or the one of the same name that took over."""
    begun = rule.valid_from is None or rule.valid_from <= on
    if begun and (rule.valid_until is None or rule.valid_until >= on):
        return rule
    heirs = TaxRule.objects.filter(
        in_force(on), company=rule.company_id, kind=rule.kind, label=rule.label
    )
    return heirs.order_by("-valid_from", "-pk").first()


def copy_vat_words(company: Company, lines: Iterable[Any], on: date) -> None:
    """Put on lines the nature and the legal text of the company's rate they bear on a day.

    A line whose rate the company does not have in force keeps its own words.
    """
    rates = list(rates_in_force(company, on))
    for line in lines:
        if not company.charges_vat:
            line.vat_code = line.vat_code if line.vat_rate else VatCode.EXEMPT_BY_LAW
            continue
        found = rate_among(rates, line.vat_rate, line.vat_code)
        if found is not None:
            line.vat_code, line.vat_text = nature_of(found), found.legal_text


def nature_of(rate: VatRate) -> str:
    """Return what a rate is for the tax office; a rate of zero is never a charged one."""
    is_charged = rate.code in (VatCode.NORMAL, VatCode.REDUCED)
    return "" if is_charged and not rate.rate else rate.code


def rate_among(rates: Sequence[VatRate], rate: Decimal, code: str) -> VatRate | None:
    """Return the first rate of a percentage and nature; of any nature when none is told."""
    fitting = (row for row in rates if row.rate == rate and code in ("", row.code))
    return next(fitting, None)


def check_rates(company: Company, lines: Iterable[Any], on: date) -> None:
    """Refuse lines at a rate that is not in force on a day. A company without rates has no say.

    :raises RuleNotInForce: for the first of them.
    """
    if not company.charges_vat or not VatRate.objects.filter(company=company).exists():
        return
    rates = list(rates_in_force(company, on))
    for line in lines:
        if rate_among(rates, line.vat_rate, line.vat_code) is None:
            raise RuleNotInForce(f"{_('TVA')} {format_percent(line.vat_rate)}")


def taxes_of(paper: Any, on: date) -> list[Tax]:
    """Return the taxes that a draft chose, as they are on a day; amounts are not computed.

    A rule that is in force no more gives its last words: issuing refuses it.
    """
    rules = (paper.added_rule, paper.withheld_rule)
    return [_tax(rule_on(rule, on) or rule) for rule in rules if rule is not None]


def check_rules(paper: Any, on: date) -> None:
    """Refuse a draft whose taxes are not in force on a day.

    :raises RuleNotInForce: for the first of them.
    """
    for rule in (paper.added_rule, paper.withheld_rule):
        if rule is not None and rule_on(rule, on) is None:
            raise RuleNotInForce(rule.label)


def tax_amounts(taxes: Iterable[Tax], groups: Sequence[VatGroup]) -> list[Tax]:
    """Compute taxes on the sums of a paper, each rounded once; they never bear on each other."""
    net = sum(group.base for group in groups)
    total = sum(group.total for group in groups)
    return [
        replace(tax, amount=vat_on(net if tax.base == TaxRule.Base.NET else total, tax.rate))
        for tax in taxes
    ]


def kept_taxes(paper: Any) -> list[Tax]:
    """Read back the taxes that a paper keeps."""
    return [Tax(**{**row, "rate": Decimal(row["rate"])}) for row in paper.taxes]


def _tax(rule: TaxRule) -> Tax:
    return Tax(rule.kind, rule.label, rule.rate, rule.base, 0, rule.legal_text)
