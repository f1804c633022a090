"""From facts to entries: what each event moves on which account. No database."""

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from billing.accounting.chart import Account, Chart, SalesRule, Use
from billing.accounting.deriving import (
    derive_adjustment,
    derive_allocation,
    derive_cash_move,
    derive_credit_note,
    derive_invoice,
    derive_payment,
    derive_refund,
)
from billing.accounting.facts import (
    AdjustmentFact,
    AllocationFact,
    CreditNoteFact,
    Deduction,
    InvoiceFact,
    Part,
    Party,
    PaymentFact,
    RefundFact,
    SaleLine,
    Till,
)
from billing.accounting.sheets import CannotDerive
from core.hooks import CashMove
from core.money import round_half_up, split_amount

ON = date(2026, 11, 20)
ACME = Party(5, "C5", "Acme")
MINISTRY = Party(6, "MIN", "Ministère", is_public=True)
ABROAD = Party(7, "C7", "Paris SAS", country="FR")
CHART = Chart()
ON_CASH = Chart(is_vat_on_cash=True)
RATE = Decimal(18)
EIGHTEEN = ((RATE, 18_000),)


def invoice(**fields):
    facts = {
        "id": 1,
        "number": "FAC-2026-0001",
        "on": ON,
        "due_on": None,
        "party": ACME,
        "lines": (SaleLine(100_000, RATE),),
        "vat": EIGHTEEN,
        "total": 118_000,
    }
    return InvoiceFact(**{**facts, **fields})


def moves(sheet):
    """Return {account: debit less credit} of a sheet."""
    sums = {}
    for line in sheet.lines:
        sums[line.account.number] = sums.get(line.account.number, 0) + line.debit - line.credit
    return sums


def is_balanced(sheet):
    one_side = all((line.debit > 0) != (line.credit > 0) for line in sheet.lines)
    return one_side and sum(line.debit - line.credit for line in sheet.lines) == 0


def test_an_invoice_of_services():
    assert moves(derive_invoice(invoice(), CHART)) == {
        "4111": 118_000,
        "7061": -100_000,
        "4432": -18_000,
    }


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"party": MINISTRY}, {"4114": 118_000, "7061": -100_000, "4432": -18_000}),
        (
            {"party": ABROAD, "vat": (), "total": 100_000},
            {"4111": 100_000, "7062": -100_000},
        ),
        (
            {
                "lines": (SaleLine(100_000, Decimal(0), is_export=True),),
                "vat": ((Decimal(0), 0),),
                "total": 100_000,
            },
            {"4111": 100_000, "7062": -100_000},
        ),
        ({"added": 5_000}, {"4111": 123_000, "7061": -100_000, "4432": -18_000, "4478": -5_000}),
        ({"is_deposit": True}, {"4111": 118_000, "4191": -100_000, "4432": -18_000}),
        (  # 333 337 F billed, two deposits of 100 000 and 133 333 before it
            {
                "lines": (SaleLine(333_337, RATE),),
                "vat": ((RATE, 18_001),),
                "total": 118_005,
                "deductions": (Deduction(8, 100_000), Deduction(9, 133_333)),
            },
            {"4111": 118_005, "4191": 233_333, "7061": -333_337, "4432": -18_001},
        ),
    ],
    ids=["public", "abroad", "export", "added tax", "deposit", "final"],
)
def test_invoices_of_each_kind(fields, expected):
    sheet = derive_invoice(invoice(**fields), CHART)

    assert moves(sheet) == expected
    assert is_balanced(sheet)


def test_goods_go_to_the_account_of_their_word_with_their_share_of_vat():
    rule = SalesRule(
        "materiel", Account(Use.GOODS, "7011", "Marchandises"), CHART.account(Use.VAT_GOODS)
    )
    lines = (SaleLine(60_000, RATE, "Matériel réseau"), SaleLine(40_000, RATE, "Pose"))

    sheet = derive_invoice(invoice(lines=lines), replace(CHART, rules=(rule,)))

    assert moves(sheet) == {
        "4111": 118_000,
        "7011": -60_000,
        "7061": -40_000,
        "4431": -10_800,
        "4432": -7_200,
    }


def test_only_lines_of_clients_carry_the_client():
    sheet = derive_invoice(invoice(), CHART)

    assert {(line.account.number, line.party) for line in sheet.lines} == {
        ("4111", ACME),
        ("7061", None),
        ("4432", None),
    }


def test_a_whole_credit_note_mirrors_its_invoice():
    fact = invoice(deductions=(Deduction(8, 20_000),), total=98_000)
    note = CreditNoteFact(3, "AVO-1", ON, Part(fact, 98_000, 98_000), 80_000, 18_000, is_whole=True)

    credit, debit = derive_credit_note(note, CHART), derive_invoice(fact, CHART)

    assert moves(credit) == {account: -amount for account, amount in moves(debit).items()}


def test_a_partial_credit_note_is_a_rebate():
    note = CreditNoteFact(3, "AVO-1", ON, Part(invoice(), 11_800, 118_000), 10_000, 1_800)

    assert moves(derive_credit_note(note, CHART)) == {
        "7069": 10_000,
        "4432": 1_800,
        "4111": -11_800,
    }


@pytest.mark.parametrize(
    ("till", "account", "journal"),
    [
        (Till("mobile_money", "cinetpay"), "552", "wallet"),
        (Till("card", "stripe"), "5521", "wallet"),
        (Till("transfer"), "521", "bank"),
        (Till("cheque"), "513", "bank"),
        (Till("cash"), "5711", "cash"),
    ],
)
def test_money_goes_where_it_came(till, account, journal):
    own = {("wallet", "stripe"): Account("wallet", "5521", "Stripe")}
    fact = PaymentFact(1, "REC-1", ON, ACME, till, 118_000, (Part(invoice(), 118_000, 118_000),))

    sheet = derive_payment(fact, replace(CHART, own=own))

    assert moves(sheet) == {account: 118_000, "4111": -118_000}
    assert sheet.journal == journal


def test_what_no_invoice_needs_is_an_advance():
    fact = PaymentFact(
        1, "REC-1", ON, ACME, Till("transfer"), 150_000, (Part(invoice(), 118_000, 118_000),)
    )

    assert moves(derive_payment(fact, CHART)) == {
        "521": 150_000,
        "4111": -118_000,
        "4191": -32_000,
    }


def test_a_refund_takes_the_advance_then_the_invoice():
    part = Part(invoice(), -18_000, 0)
    fact = RefundFact(1, "RBT1", ON, ACME, Till("transfer"), 50_000, (part,))

    assert moves(derive_refund(fact, CHART)) == {"521": -50_000, "4111": 18_000, "4191": 32_000}


def test_credit_used_and_freed_are_opposite():
    used = AllocationFact(1, ON, False, Part(invoice(), 30_000, 118_000))
    freed = AllocationFact(2, ON, False, Part(invoice(), -30_000, 88_000))

    assert moves(derive_allocation(used, CHART)) == {"4191": 30_000, "4111": -30_000}
    assert moves(derive_allocation(freed, CHART)) == {"4191": -30_000, "4111": 30_000}


def test_francs_written_off():
    fact = AllocationFact(1, ON, True, Part(invoice(), 4, 4))

    assert moves(derive_allocation(fact, CHART)) == {"6588": 4, "4111": -4}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("withheld", {"4492": 59_000, "4111": -59_000}),
        ("exchange", {"656": 59_000, "4111": -59_000}),
        ("write_off", {"6511": 50_000, "4432": 9_000, "4111": -59_000}),
    ],
)
def test_adjustments(kind, expected):
    fact = AdjustmentFact(1, ON, kind, "", Part(invoice(), 59_000, 59_000))

    assert moves(derive_adjustment(fact, CHART)) == expected


def test_a_fee_with_its_vat_and_a_payout_through_the_transfer_account():
    fee = CashMove("fee", 1, 1, ON, 3_540, "T1", provider="cinetpay", vat=540)
    payout = CashMove("payout", 2, 1, ON, 114_460, "P1", provider="cinetpay")

    (kept,) = derive_cash_move(fee, CHART)
    out, back = derive_cash_move(payout, CHART)

    assert moves(kept) == {"6317": 3_000, "4454": 540, "552": -3_540}
    assert moves(out) == {"585": 114_460, "552": -114_460}
    assert moves(back) == {"521": 114_460, "585": -114_460}


@pytest.mark.parametrize(("difference", "account"), [(-500, "6318"), (500, "7588")])
def test_a_payout_of_another_amount_empties_the_wallet_all_the_same(difference, account):
    payout = CashMove("payout", 2, 1, ON, 100_000, "P1", "cinetpay", difference=difference)

    out, _back = derive_cash_move(payout, CHART)

    assert moves(out) == {
        "585": 100_000,
        account: -difference,
        "552": difference - 100_000,
    }


def test_a_fee_and_a_payout_in_euros_are_kept_in_francs_with_their_amounts():
    fee = CashMove("fee", 1, 1, ON, 59, "T1", provider="stripe", method="card", currency="EUR")
    payout = CashMove("payout", 2, 1, ON, 9_941, "P1", provider="stripe", currency="EUR")

    (kept,) = derive_cash_move(fee, CHART)
    out, back = derive_cash_move(payout, CHART)

    assert [(line.debit, line.foreign) for line in kept.lines] == [(387, 59), (0, 59)]
    assert {sheet.currency for sheet in (kept, out, back)} == {"EUR"}
    assert [sheet.total for sheet in (out, back)] == [65_209, 65_209]


def test_a_fee_in_another_currency_takes_the_rate_it_comes_with():
    fee = CashMove("fee", 1, 1, ON, 100, "T1", currency="USD", exchange_rate=Decimal(600))

    (kept,) = derive_cash_move(fee, CHART)

    assert kept.total == 600


def test_a_foreign_invoice_is_kept_in_francs_with_its_amounts():
    fact = invoice(
        lines=(SaleLine(10_004, Decimal(0)),),
        vat=(),
        total=10_004,
        currency="EUR",
        exchange_rate=Decimal("655.957"),
        party=ABROAD,
    )

    sheet = derive_invoice(fact, CHART)

    assert [(line.debit, line.credit, line.foreign) for line in sheet.lines] == [
        (65_622, 0, 10_004),
        (0, 65_622, 10_004),
    ]
    assert sheet.currency == "EUR"


def test_parts_of_a_foreign_invoice_close_it_to_the_franc():
    fact = invoice(
        lines=(SaleLine(100, Decimal(0)),),
        vat=(),
        total=100,
        currency="EUR",
        exchange_rate=Decimal("655.957"),
    )
    parts = [Part(fact, 33, 100), Part(fact, 33, 67), Part(fact, 34, 34)]

    paid = [moves(derive_payment(_paid(part, "EUR"), CHART))["4111"] for part in parts]

    assert sum(paid) == -moves(derive_invoice(fact, CHART))["4111"]


def test_a_currency_without_rate_is_refused():
    with pytest.raises(CannotDerive, match="USD"):
        derive_invoice(invoice(currency="USD"), CHART)


def test_lines_that_are_not_the_total_are_refused():
    with pytest.raises(CannotDerive, match="Débit"):
        derive_invoice(invoice(total=118_001), CHART)


def test_vat_on_cash_waits_then_falls_due_with_each_payment():
    fact = invoice()
    posted = replace(fact, waiting=18_000, waiting_base=18_000)

    asked = moves(derive_invoice(fact, ON_CASH))
    first = moves(derive_payment(_paid(Part(posted, 50_000, 118_000)), ON_CASH))
    last = moves(derive_payment(_paid(Part(posted, 68_000, 68_000)), ON_CASH))

    assert asked == {"4111": 118_000, "7061": -100_000, "44329": -18_000}
    assert first == {"521": 50_000, "4111": -50_000, "44329": 7_627, "4432": -7_627}
    assert last["44329"] == 18_000 - 7_627


def _paid(part, currency="XOF"):
    invoice = part.invoice
    return PaymentFact(
        1, "REC-1", ON, ACME, Till("transfer"), part.amount, (part,), currency,
        invoice.exchange_rate,
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(40))
def test_any_story_balances_and_closes_the_client(seed):
    """Random invoices, in francs or not, then events until nothing is open."""
    dice = random.Random(seed)
    chart = Chart(is_vat_on_cash=bool(seed % 2))
    fact = _any_invoice(dice)
    sheets = [derive_invoice(fact, chart)]
    waiting = -sum(
        line.debit - line.credit for line in sheets[0].lines if line.account.use == Use.VAT_WAITING
    )
    foreign = fact.total_vat if chart.is_vat_on_cash else 0
    fact = replace(fact, waiting=foreign, waiting_base=waiting)
    left = fact.asked
    while left:
        amount = dice.randint(1, left)
        sheets.append(_any_event(dice, Part(fact, amount, left), chart))
        left -= amount

    assert all(is_balanced(sheet) for sheet in sheets)
    sums = {}
    for sheet in sheets:
        for account, amount in moves(sheet).items():
            sums[account] = sums.get(account, 0) + amount
    assert sums["4111"] == 0
    assert sums.get("44329", 0) == 0


def _any_invoice(dice):
    rates = [Decimal(18), Decimal(9), Decimal(0)]
    lines = tuple(
        SaleLine(dice.randint(1, 10**7), dice.choice(rates)) for _ in range(dice.randint(1, 6))
    )
    bases = {}
    for line in lines:
        bases[line.rate] = bases.get(line.rate, 0) + line.net
    vat = tuple((rate, round_half_up(base * rate / 100)) for rate, base in bases.items())
    added = dice.choice([0, dice.randint(1, 1000)])
    is_foreign = dice.random() < 0.4
    return invoice(
        lines=lines,
        vat=vat,
        total=sum(bases.values()) + sum(amount for _rate, amount in vat),
        added=added,
        currency="EUR" if is_foreign else "XOF",
        exchange_rate=Decimal("655.957") if is_foreign else None,
    )


def _any_event(dice, part, chart):
    kind = dice.choice(["payment", "credit_note", "withheld", "write_off", "rounding"])
    if kind == "payment":
        return derive_payment(_paid(part, part.invoice.currency), chart)
    if kind == "rounding":
        return derive_allocation(AllocationFact(1, ON, True, part), chart)
    if kind == "credit_note":
        net, vat = split_amount(part.amount, [100, 18])
        return derive_credit_note(CreditNoteFact(1, "AVO-1", ON, part, net, vat), chart)
    return derive_adjustment(AdjustmentFact(1, ON, kind, "", part), chart)
