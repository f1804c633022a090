"""What a person decides, and what no interleaving of retries, kills and faults can do."""

import random

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from billing.fiscal import services
from billing.fiscal.drivers import find_problems
from billing.fiscal.models import Certification, FiscalSettings
from billing.fiscal.providers.base import CertificationError, Certified
from billing.fiscal.sandbox.state import FAULTS
from core.accounts.secrets import encrypt_text
from core.audit.log import declared

from .conftest import AT

State = Certification.State
URL = "https://www.services.fne.dgi.gouv.ci/fr/verification/1"


@pytest.fixture
def lost(issue, certifying, clock, sale_row, fne):
    """A certification that nobody knows the end of: it is on the portal."""
    fne.faults.append("error_after_create")
    row = sale_row(issue())
    services.certify(certification_id=row.pk, clock=clock)
    row.refresh_from_db()
    return row


def confirm(row, reference, url=URL, rank=1):
    with transaction.atomic():
        services.confirm_certified(
            certification=row, rank=rank, reference=reference, verification_url=url,
            at=AT, actor=None,
        )  # fmt: skip


def test_a_person_types_the_reference_read_on_the_portal(lost, fne):
    confirm(lost, fne.documents[0].reference.lower())

    lost.refresh_from_db()
    assert (lost.state, lost.is_by_hand) == (State.CERTIFIED, True)
    assert lost.reference == "2112345A26000000001"
    assert len(fne.requests) == 1


@pytest.mark.parametrize(
    "reference",
    [
        "",
        "2112345A2600000001",
        "2112345A260000000011",
        "A2112345A26000000001",
        "21123450" + "0" * 11,
    ],
)
def test_a_reference_that_cannot_be_the_papers_is_refused(lost, reference):
    with pytest.raises(ValidationError):
        confirm(lost, reference)

    lost.refresh_from_db()
    assert (lost.state, lost.reference) == (State.UNCERTAIN, "")


def test_the_reference_of_another_taxpayer_is_refused(lost):
    Certification.objects.update(is_test=False)
    lost.refresh_from_db()

    with pytest.raises(ValidationError, match="2112345A"):
        confirm(lost, "9606123E25000000019")


def test_the_reference_of_another_paper_is_refused(lost, issue, clock, sale_row, fne):
    other = sale_row(issue())
    services.certify(certification_id=other.pk, clock=clock)
    other.refresh_from_db()

    with pytest.raises(ValidationError, match="déjà"):
        confirm(lost, other.reference)


@pytest.mark.parametrize(
    "said", [{}, {"is_absent": True}, {"is_absent": True, "number": "FAC-1"}, {"number": "x"}]
)
def test_absence_is_confirmed_twice_or_nothing_leaves(lost, said, clock, fne):
    with pytest.raises(ValidationError):
        services.send_again(certification=lost, rank=1, at=AT, actor=None, **said)

    services.certify(certification_id=lost.pk, clock=clock)
    assert len(fne.requests) == 1


def test_a_decision_on_an_older_sending_is_refused(lost):
    Certification.objects.filter(pk=lost.pk).update(rank=2)

    with pytest.raises(services.AlreadyDecided):
        services.send_again(
            certification=lost, rank=1, at=AT, actor=None, is_absent=True, number=lost.number
        )


def test_a_refused_paper_is_sent_again_once_mended(issue, certifying, clock, sale_row, fne):
    fne.point_of_sale = "Siège principal"
    row = sale_row(issue())
    services.certify(certification_id=row.pk, clock=clock)
    row.refresh_from_db()
    assert (row.state, "point de vente" in row.reason) == (State.REJECTED, True)

    certifying.point_of_sale = "Siège principal"
    certifying.save()
    services.send_again(certification=row, rank=1, at=AT, actor=None)
    services.certify(certification_id=row.pk, clock=clock)

    row.refresh_from_db()
    assert row.state == State.CERTIFIED


def test_each_act_has_its_name():
    assert {"certification_moved", "certification_typed", "certification_sent_again"} <= set(
        declared()
    )


# --- Any order of things ------------------------------------------------------------------


def work(row, clock, fne, chance):
    services.certify(certification_id=row.pk, clock=clock)


def die_before_the_call(row, clock, fne, chance):
    services.begin_sending(certification_id=row.pk, at=clock.now)


def die_after_the_call(row, clock, fne, chance):
    sending = services.begin_sending(certification_id=row.pk, at=clock.now)
    if sending:
        try:
            sending.provider.send(sending.prepared)
        except CertificationError:
            return


def wait(row, clock, fne, chance):
    clock.move(minutes=chance.choice([1, 7, 90]))


def sweep(row, clock, fne, chance):
    services.sweep(at=clock.now)


def look(row, clock, fne, chance):
    """Do what an honest person does: look on the portal, then say what is there."""
    row.refresh_from_db()
    found = fne.certified(row.number)
    if row.state == State.UNCERTAIN and found:
        confirm(row, found[0].reference, rank=row.rank)
    elif row.state in (State.UNCERTAIN, State.REJECTED):
        services.send_again(
            certification=row, rank=row.rank, at=clock.now, actor=None,
            is_absent=row.state == State.UNCERTAIN, number=row.number,
        )  # fmt: skip


def break_something(row, clock, fne, chance):
    fne.faults.append(chance.choice(sorted(set(FAULTS) - {"slow_after_create"})))


def run_out_of_stickers(row, clock, fne, chance):
    fne.stickers = 0 if fne.stickers else 100


STEPS = (
    work, work, work, die_before_the_call, die_after_the_call, wait, wait, sweep, look,
    break_something, break_something, run_out_of_stickers,
)  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_no_order_of_things_certifies_an_invoice_twice(
    issue, certifying, clock, sale_row, fne, seed
):
    chance = random.Random(seed)
    row = sale_row(issue())

    for _ in range(12):
        chance.choice(STEPS)(row, clock, fne, chance)
        assert len(fne.certified(row.number)) <= 1

    fne.faults.clear()
    fne.stickers = 100
    for act in (wait, sweep, look, work, wait, sweep, look, work):
        clock.move(hours=2)
        act(row, clock, fne, chance)
    row.refresh_from_db()
    assert row.state == State.CERTIFIED
    assert [one.reference for one in fne.certified(row.number)] == [row.reference]


def test_an_answer_that_comes_while_it_waits_to_be_sent_again_is_not_asked_for_twice(
    lost, fne, clock
):
    document = fne.documents[0]
    with transaction.atomic():
        services.send_again(
            certification=lost, rank=1, at=AT, actor=None, is_absent=True, number=lost.number
        )

    said = Certified(document.reference, URL)
    services.finish_sending(certification_id=lost.pk, rank=1, outcome=said, at=AT)
    services.certify(certification_id=lost.pk, clock=clock)

    lost.refresh_from_db()
    assert (lost.state, lost.reference) == (State.CERTIFIED, document.reference)
    assert len(fne.requests) == 1


@pytest.mark.parametrize(
    "url",
    ["http://localhost:9000", "http://127.0.0.2/ws", "http://169.254.169.254", "http://[::1]/ws"],
)
def test_the_tax_office_is_not_within_our_machines(url, company, settings):
    settings.PAYMENTS_ALLOW_SANDBOX = False
    chosen = FiscalSettings(
        company=company, driver="fne", base_url=url, point_of_sale="A", establishment="B",
        key_encrypted=encrypt_text("k"),
    )  # fmt: skip

    assert [problem for problem in find_problems(chosen) if "imitation" in problem]
    chosen.base_url = "https://www.services.fne.dgi.gouv.ci/ws"
    assert find_problems(chosen) == []
