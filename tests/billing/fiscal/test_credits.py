"""A credit note is told as quantities of certified lines, to the franc."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from billing.fiscal.providers.base import CertifiedItem, Credit, Rejected
from billing.fiscal.providers.fne.credits import quantities
from billing.fiscal.providers.fne.payload import credit_request
from core.money import round_half_up

RATE = Decimal(18)


def credit(base, items, taken=None, document_id="d1"):
    return Credit("AVO-2026-0001", document_id, items, taken or {}, {RATE: base})


def item(id, quantity, net):
    return CertifiedItem(id, Decimal(quantity), net, RATE)


def parts(*arguments, **values):
    return [(each.id, str(part)) for each, part in quantities(credit(*arguments, **values))]


SITE, HOSTING = item("site", 1, 1_000_000), item("hosting", 12, 240_000)


def test_the_whole_takes_every_line():
    assert parts(1_240_000, [SITE, HOSTING]) == [("site", "1"), ("hosting", "12")]


def test_one_line_is_taken_whole_before_a_part_of_another():
    assert parts(240_000, [SITE, HOSTING]) == [("hosting", "12")]


def test_whole_quantities_come_before_parts_of_one():
    assert parts(60_000, [SITE, HOSTING]) == [("hosting", "3")]


def test_a_rebate_on_a_single_line_is_a_part_of_its_quantity():
    assert parts(250_000, [SITE]) == [("site", "0.2500")]


def test_what_earlier_credits_took_is_left_alone():
    taken = {"hosting": Decimal(10)}

    assert parts(1_040_000, [SITE, HOSTING], taken) == [("site", "1"), ("hosting", "2")]


def test_more_than_is_left_is_refused():
    with pytest.raises(Rejected, match="dépasse"):
        quantities(credit(1_240_000, [SITE, HOSTING], {"site": Decimal("0.5")}))


def test_a_sum_that_no_quantity_reaches_is_refused():
    with pytest.raises(Rejected, match="aucune quantité"):
        quantities(credit(333_331, [SITE]))


def test_a_sale_certified_by_hand_has_no_lines_to_credit():
    with pytest.raises(Rejected, match="à la main"):
        credit_request(credit(1000, [SITE], document_id=""))


def test_the_request_names_items_and_numbers():
    prepared = credit_request(credit(250_000, [SITE]))

    assert prepared.path == "/external/invoices/d1/refund"
    assert prepared.body == {"items": [{"id": "site", "quantity": 0.25}]}


@settings(max_examples=150, deadline=None)
@given(
    some.lists(
        some.tuples(some.integers(1, 40), some.integers(1, 3_000_000)), min_size=1, max_size=4
    ),
    some.integers(1, 100),
)
def test_what_is_credited_is_the_sum_asked_or_refused(lines, percent):
    items = [item(str(rank), quantity, net) for rank, (quantity, net) in enumerate(lines)]
    base = max(sum(each.net for each in items) * percent // 100, 1)

    try:
        found = quantities(credit(base, items))
    except Rejected:
        return

    worth = sum(
        Fraction(each.net) * Fraction(part) / Fraction(each.quantity) for each, part in found
    )
    assert round_half_up(worth) == base
    assert all(0 < part <= each.quantity for each, part in found)
