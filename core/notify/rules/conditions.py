"""The closed comparisons of a rule: read from text, refused when they make no sense, asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from core.hooks.rules import AMOUNT, CHOICE, DAY, NUMBER, FactField
from core.money import UnreadableAmount, parse_amount
from core.notify.models import RuleCondition
from core.search import search_text

Operator = RuleCondition.Operator
OF_KIND = {
    NUMBER: (Operator.IS, Operator.IS_NOT, Operator.AT_LEAST, Operator.AT_MOST),
    AMOUNT: (Operator.IS, Operator.IS_NOT, Operator.AT_LEAST, Operator.AT_MOST),
    DAY: (Operator.IS, Operator.IS_NOT, Operator.AT_LEAST, Operator.AT_MOST),
    CHOICE: (Operator.IS, Operator.IS_NOT),
}
OF_TEXT = (Operator.IS, Operator.IS_NOT, Operator.CONTAINS)


class BadCondition(ValueError):
    """A comparison that cannot be made; its text is for people."""


@dataclass(frozen=True)
class Condition:
    """One comparison, as a rule keeps it."""

    fact: str
    operator: str
    value: str


def check_condition(condition: Condition, fields: Mapping[str, FactField]) -> None:
    """Refuse a comparison that the facts of an event cannot answer.

    :raises BadCondition: with a French text.
    """
    field = fields.get(condition.fact)
    if field is None:
        known = ", ".join(fields)
        raise BadCondition(
            _("« %(name)s » n’est pas une donnée de cet événement. Il a : %(known)s.")
            % {"name": condition.fact, "known": known}
        )
    if condition.operator not in OF_KIND.get(field.kind, OF_TEXT):
        raise BadCondition(
            _("« %(operator)s » ne convient pas à « %(name)s ».")
            % {"operator": Operator(condition.operator).label, "name": field.label}
        )
    _read(condition.value, field, "XOF")


def holds(
    conditions: Iterable[Condition],
    fields: Mapping[str, FactField],
    values: Mapping[str, Any],
    currency: str,
) -> bool:
    """Tell whether a fact answers all comparisons. One that cannot be made is never true."""
    return all(_holds(one, fields.get(one.fact), values, currency) for one in conditions)


def _holds(
    condition: Condition, field: FactField | None, values: Mapping[str, Any], currency: str
) -> bool:
    if field is None:
        return False
    try:
        wanted = _read(condition.value, field, currency)
    except BadCondition:
        return False
    found = values.get(condition.fact)
    if isinstance(wanted, str):
        found = search_text(str(found or ""))
    if found is None:
        return condition.operator == Operator.IS_NOT
    match condition.operator:
        case Operator.IS:
            return found == wanted
        case Operator.IS_NOT:
            return found != wanted
        case Operator.AT_LEAST:
            return found >= wanted
        case Operator.AT_MOST:
            return found <= wanted
        case Operator.CONTAINS:
            return wanted in found
    return False


def _read(text: str, field: FactField, currency: str) -> Any:
    """Return the value of a comparison as the facts have it.

    :raises BadCondition: if it is no such value.
    """
    if field.kind in (NUMBER, AMOUNT):
        return _number(text, field, currency)
    if field.kind == DAY:
        return _day(text)
    if field.kind == CHOICE:
        return _choice(text, field)
    return search_text(text)


def _number(text: str, field: FactField, currency: str) -> int:
    try:
        if field.kind == AMOUNT:
            return parse_amount(text, currency)
        return int("".join(char for char in text if not char.isspace()))
    except (UnreadableAmount, ValueError):
        raise BadCondition(
            _("« %(value)s » n’est pas un nombre entier.") % {"value": text}
        ) from None


def _day(text: str) -> date:
    day, _slash, rest = text.strip().partition("/")
    month, _slash, year = rest.partition("/")
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise BadCondition(
            _("« %(value)s » n’est pas une date : 31/12/2026.") % {"value": text}
        ) from None


def _choice(text: str, field: FactField) -> str:
    sought = search_text(text)
    for value, label in field.choices:
        if sought in (search_text(str(value)), search_text(str(label))):
            return search_text(str(value))
    known = ", ".join(str(label) for _value, label in field.choices)
    raise BadCondition(
        _("« %(value)s » n’est pas un choix de « %(name)s » : %(known)s.")
        % {"value": text, "name": field.label, "known": known}
    )
