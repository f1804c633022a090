"""Settlements, payouts and statements, in the database and on the screens."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from billing.payments import queries as books
from billing.payments import services as payments
from billing.payments.models import MoneyAccount, Payment
from billing.payments.providers.base import PayState, Snapshot
from billing.treasury import services
from billing.treasury.books import moves_for_the_books
from billing.treasury.fees import fee_of, find_terms, split_fee
from billing.treasury.models import FeeTerms, LineMatch, Settlement, StatementLine
from billing.treasury.proof import daily_proof
from billing.treasury.queries import in_transit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]
AT = timezone.now().replace(microsecond=0)
ON = AT.date()


def statement(*rows):
    """Return a statement of Wave with these rows of (reference, amount)."""
    head = "Transaction ID,Timestamp,Amount,Counterparty mobile\n"
    lines = [f"{reference},{ON} 09:30:00,{amount},\n" for reference, amount in rows]
    return (head + "".join(lines)).encode()


@pytest.fixture
def wave(company):
    """Our Wave account."""
    return MoneyAccount.objects.create(company=company, kind="wave", name="Wave")


@pytest.fixture
def bring(wave, owner_staff):
    """Return a function that brings a statement in."""

    def take(content):
        return services.import_statement(
            account=wave, name="wave.csv", content=content, actor=owner_staff, at=AT
        )

    return take


@pytest.fixture
def receive(acme, wave, owner_staff):
    """Return a function that writes Mobile Money down by hand."""

    def write(amount, reference="", invoice=None):
        return payments.record_payment(
            client=acme,
            invoice=invoice,
            amount=amount,
            method="mobile_money",
            received_on=ON,
            actor=owner_staff,
            at=AT,
            slip=payments.Slip(reference=reference, account=wave),
        )

    return write


@pytest.fixture
def online(acme, company):
    """Money that came through a provider."""
    return Payment.objects.create(
        company=company,
        client=acme,
        method="mobile_money",
        channel="Wave",
        provider="cinetpay",
        provider_reference="CP-1",
        amount=100_000,
        amount_unallocated=100_000,
        received_on=ON,
        recorded_at=AT,
    )


def test_terms_of_the_means_win_and_the_newest_that_began():
    rows = [
        FeeTerms(provider="cinetpay", percent=Decimal(3), starts_on=date(2026, 1, 1)),
        FeeTerms(provider="cinetpay", channel="Wave", percent=Decimal(1), starts_on=ON),
        FeeTerms(provider="cinetpay", percent=Decimal(9), starts_on=date(2099, 1, 1)),
    ]
    ask = {"provider": "cinetpay", "currency": "XOF", "on": ON}

    assert find_terms(rows, channel="Wave", **ask).percent == 1
    assert find_terms(rows, channel="Orange Money", **ask).percent == 3
    assert find_terms(rows, channel="", provider="stripe", currency="XOF", on=ON) is None


def test_a_fee_and_its_vat_add_up_and_never_exceed_the_payment():
    terms = FeeTerms(percent=Decimal("3.5"), fixed=100, vat_percent=Decimal(18), delay_days=2)

    fee = fee_of(terms, 9_999, ON)

    assert (fee.fee, fee.vat) == (450, 81)
    assert fee_of(terms, 50, ON).total == 50
    assert split_fee(531, Decimal(18)) == (450, 81)


def test_a_settlement_is_estimated_then_from_the_terms_then_from_the_provider(online):
    first = services.settle_payment(payment=online, at=AT)
    assert (first.net, first.basis) == (100_000, "estimated")

    FeeTerms.objects.create(provider="cinetpay", percent=3, starts_on=ON)
    second = services.settle_payment(payment=online, at=AT)
    assert (second.net, second.basis) == (97_000, "terms")

    said = Snapshot(PayState.SUCCEEDED, None, fee=2_500, available_on=date(2026, 12, 1))
    third = services.settle_payment(payment=online, snapshot=said, at=AT)
    services.settle_payment(payment=online, at=AT)
    third.refresh_from_db()
    assert (third.fee, third.net, third.basis) == (2_500, 97_500, "provider")
    assert Settlement.objects.count() == 1


def test_a_payout_takes_each_settlement_once_and_explains_its_difference(online, wave, owner_staff):
    row = services.settle_payment(payment=online, at=AT)
    facts = {
        "provider": "cinetpay",
        "account": wave,
        "paid_on": ON,
        "settlements": [row],
        "actor": owner_staff,
        "at": AT,
    }

    with pytest.raises(services.CannotPayOut, match="écart"):
        services.record_payout(reference="V1", amount=99_000, **facts)
    payout = services.record_payout(
        reference="V1", amount=99_000, explanation="Frais de virement", **facts
    )
    with pytest.raises(services.CannotPayOut):
        services.record_payout(reference="V2", amount=100_000, **facts)

    assert payout.difference == -1_000


def test_a_file_is_taken_once_and_the_same_movements_once(bring):
    content = statement(("T1", 5_000), ("T2", 6_000))
    bring(content)

    with pytest.raises(services.CannotImport, match="déjà été importé"):
        bring(content)
    longer = bring(statement(("T1", 5_000), ("T2", 6_000), ("T3", 7_000)))

    assert (longer.new, longer.known, StatementLine.objects.count()) == (1, 2, 3)


def test_a_file_cut_in_its_middle_changes_nothing(bring):
    with pytest.raises(services.CannotImport):
        bring(statement(("T1", 5_000), ("T2", 6_000))[:-12])

    assert not StatementLine.objects.exists()


def test_certain_lines_are_matched_together_and_no_more(bring, receive, owner_staff):
    payment = receive(5_000, "T-00001")
    receive(6_000)
    bring(statement(("T00001", 5_000), ("X-9", 6_000)))

    lines = list(StatementLine.objects.select_related("account"))
    told = services.confirm_certain(lines=lines, actor=owner_staff, at=AT)
    again = services.confirm_certain(lines=StatementLine.objects.all(), actor=owner_staff, at=AT)

    assert (told, again) == ((1, 0), (0, 0))
    assert LineMatch.objects.get().payment == payment
    assert books.find_differences() == []


def test_a_line_of_two_payments_and_a_payment_of_two_lines(bring, receive, owner_staff):
    first, second = receive(5_000), receive(7_000)
    bring(statement(("A-1", 9_000), ("A-2", 3_000)))
    big, small = StatementLine.objects.order_by("-amount")
    match = {"actor": owner_staff, "at": AT}

    services.match_line(
        line=big, parts=[services.Part(first, 5_000), services.Part(second, 4_000)], **match
    )
    with pytest.raises(services.CannotMatch):
        services.match_line(line=small, parts=[services.Part(first, 3_000)], **match)
    services.match_line(line=small, parts=[services.Part(second, 3_000)], **match)

    assert books.find_differences() == []


def test_a_line_becomes_a_payment_once_and_its_reference_counts(
    bring, acme, invoice, receive, owner_staff
):
    receive(1_000, "T-77777")
    bring(statement(("T-88888", 118_000), ("T 77777", 2_000)))
    new, used = StatementLine.objects.order_by("-amount")
    make = {"client": acme, "invoice": invoice, "actor": owner_staff, "at": AT}

    services.create_payment_from_line(line=new, **make)
    with pytest.raises(services.CannotMatch):
        services.create_payment_from_line(line=new, **make)
    with pytest.raises(payments.CannotRecord):
        services.create_payment_from_line(line=used, **{**make, "invoice": None})

    invoice.refresh_from_db()
    used.refresh_from_db()
    assert (invoice.amount_due, used.state, Payment.objects.count()) == (0, "open", 2)


def test_the_proof_tells_a_day_whose_settlement_is_missing(online, receive):
    receive(3_000)
    assert [row.is_right for row in daily_proof(ON)] == [True, False]

    services.fill_missing_settlements(at=AT)

    assert [row.is_right for row in daily_proof(ON)] == [True, True]


def test_the_pages_of_the_treasury_are_for_the_team(client_of, manager, editor, bring, wave):
    bring(statement(("T1", 5_000)))
    names = ("treasury_overview", "treasury_reconcile", "treasury_proof")

    for name in names:
        page = client_of(manager).get(reverse(name))
        assert page.status_code == 200
        assert client_of(editor).get(reverse(name)).status_code != 200
    url = reverse("treasury_reconcile")
    file = SimpleUploadedFile("w.csv", statement(("T2", 1_000)), "text/csv")
    client_of(manager).post(url, {"account": wave.pk, "file": file})

    assert StatementLine.objects.count() == 2


def test_the_treasury_leads_to_the_form_of_payouts(client_of, manager, online):
    services.settle_payment(payment=online, at=AT)
    address = reverse("treasury_payout", args=["cinetpay"])

    pages = [
        client_of(manager).get(reverse(name)).content.decode()
        for name in ("treasury_overview", "wagtailsnippets_treasury_payout:list")
    ]

    assert all(address in page for page in pages)
    assert "CinetPay" in client_of(manager).get(address).content.decode()
    assert client_of(manager).get(reverse("treasury_payout", args=["nobody"])).status_code == 404


def test_money_that_never_came_is_proposed_for_no_line(bring, receive, owner_staff):
    bounced = receive(25_000, "T-REF-1")
    payments.reverse_payment(payment=bounced, reason="Impayé", on=ON, actor=owner_staff, at=AT)
    bring(statement(("T-REF-1", 25_000)))
    line = StatementLine.objects.get()

    found = services.confirm_certain(lines=[line], actor=owner_staff, at=AT)
    with pytest.raises(services.CannotMatch, match="Il ne reste que 0"):
        part = services.Part(bounced, 25_000)
        services.match_line(line=line, parts=[part], actor=owner_staff, at=AT)

    line.refresh_from_db()
    assert (found, line.state, LineMatch.objects.count()) == ((0, 0), "open", 0)


def test_a_line_given_to_the_wrong_client_becomes_the_payment_of_the_right_one(
    bring, acme, rival, owner_staff
):
    bring(statement(("T-REF-2", 25_000)))
    line = StatementLine.objects.get()
    facts = {"line": line, "invoice": None, "actor": owner_staff, "at": AT}
    wrong = services.create_payment_from_line(client=acme, **facts)
    payments.reverse_payment(payment=wrong, reason="Autre client", on=ON, actor=owner_staff, at=AT)
    services.reopen_line(line=line, actor=owner_staff, at=AT)

    right = services.create_payment_from_line(client=rival, **facts)

    line.refresh_from_db()
    assert (right.client, right.amount, right.amount_unallocated) == (rival, 25_000, 25_000)
    assert (line.state, line.matches.get().payment_id) == ("matched", right.pk)
    assert books.find_differences() == []


def give_back(payment, amount, actor):
    return payments.record_refund(
        payment=payment,
        amount=amount,
        reason="Geste",
        reference="",
        refunded_on=ON,
        actor=actor,
        at=AT,
        idempotency_key=f"rendu-{payment.pk}",
    )


def test_what_went_back_before_the_payout_is_no_longer_in_transit(online, owner_staff):
    FeeTerms.objects.create(provider="cinetpay", percent=3, starts_on=ON)
    services.settle_payment(payment=online, at=AT)

    give_back(online, 40_000, owner_staff)

    (transit,) = in_transit(ON)
    assert (transit.waiting, transit.available) == (57_000, 0)


@pytest.mark.parametrize(
    ("amount", "difference"), [(57_000, 0), (56_500, -500), (97_000, 0), (60_000, 0)]
)
def test_what_a_provider_keeps_of_a_payout_for_a_refund_is_no_fee(
    online, wave, owner_staff, company, amount, difference
):
    FeeTerms.objects.create(provider="cinetpay", percent=3, starts_on=ON)
    row = services.settle_payment(payment=online, at=AT)
    give_back(online, 40_000, owner_staff)
    services.record_payout(
        provider="cinetpay",
        reference="V1",
        account=wave,
        paid_on=ON,
        amount=amount,
        settlements=[row],
        actor=owner_staff,
        at=AT,
        explanation="Remboursement retenu",
    )

    moves = moves_for_the_books(company, lambda kind, rows: rows)

    told = {move.kind: (move.amount, move.difference) for move in moves}
    assert told == {"fee": (3_000, 0), "payout": (amount, difference)}
