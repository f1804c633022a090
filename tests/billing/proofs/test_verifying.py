"""The page that verifies a receipt, what it tells, and keys that are replaced."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from billing.proofs.codes import Proof
from billing.proofs.models import SigningKey
from billing.proofs.services import proof_url, public_keys, rotate_key
from core import rls
from core.money import format_amount
from tests.conftest import AT


@pytest.fixture
def paid(acme, make_invoice, manager):
    """A receipt of 100 000 F on an invoice of 118 000 F."""
    from billing.payments.services import record_payment

    invoice = make_invoice(acme, "FAC-2026-0042", net=100_000, vat=18_000)
    with rls.staff("test world"):
        return record_payment(
            client=acme,
            invoice=invoice,
            amount=100_000,
            method="cash",
            reference="",
            received_on=AT.date(),
            actor=manager,
            at=AT,
        )


def code_of(payment, **changed):
    with rls.staff("test"):
        facts = {
            "kind": "REC",
            "number": payment.receipt.number,
            "day": "2026-11-20",
            "amount": payment.amount,
            "currency": "XOF",
            "payer": "Acme",
            "seller": "NOURX SARL",
            "paper": "FAC-2026-0042",
        }
    return proof_url(Proof(**{**facts, **changed}), at=AT).split("#")[1]


def test_without_a_script_the_page_verifies_what_was_pasted(client, paid):
    page = client.post("/verifier/", {"code": code_of(paid)}).content.decode()

    assert "REC-2026-0001" in page
    assert "Le paiement est bien dans nos registres." in page
    assert f"Il reste {format_amount(18_000)} à payer sur la facture FAC-2026-0042." in page


def test_a_changed_code_is_told_to_be_false_and_nothing_is_said_of_it(client, paid):
    version, kid, said, signature = code_of(paid).split(".")
    forged = f"{version}.{kid}.{said[:-1]}{'A' if said[-1] != 'A' else 'B'}.{signature}"

    page = client.post("/verifier/", {"code": forged}).content.decode()
    answer = client.post("/verifier/etat/", {"code": forged})

    assert "REC-2026-0001" not in page
    assert (answer.status_code, answer.json()) == (404, {"words": []})


def test_a_receipt_that_is_no_more_in_our_books_is_said_so(client, paid):
    answer = client.post("/verifier/etat/", {"code": code_of(paid, number="REC-2026-0099")})

    assert answer.json() == {
        "words": ["Ce reçu n’est plus dans nos registres : demandez-nous pourquoi."]
    }


def test_a_refund_since_is_told(client, paid, manager):
    from billing.payments.services import record_refund

    with rls.staff("test"):
        record_refund(
            payment=paid,
            amount=40_000,
            reason="Trop perçu",
            reference="",
            refunded_on=AT.date(),
            actor=manager,
            at=AT,
            idempotency_key="once",
        )

    words = client.post("/verifier/etat/", {"code": code_of(paid)}).json()["words"]

    assert words[0] == f"Ce paiement a été remboursé en partie : {format_amount(40_000)}."


def test_a_replaced_key_still_verifies_what_it_signed(client, paid):
    before = code_of(paid)
    call_command("rotate_signing_key")
    after = code_of(paid)

    assert before.split(".")[1] != after.split(".")[1]
    for code in (before, after):
        assert client.post("/verifier/etat/", {"code": code}).status_code == 200
    assert client.get("/verifier/cles.json").json()["keys"] == public_keys()


def test_one_key_signs_at_a_time_and_none_is_lost(team, db):
    first = rotate_key(at=AT)

    with pytest.raises(IntegrityError), transaction.atomic():
        SigningKey.objects.create(kid="zzzz0000", public="x", sealed="x", made_at=AT)

    assert SigningKey.objects.get(retired_at=None) == first


def test_a_key_is_not_deleted(team, db):
    key = rotate_key(at=AT)

    with pytest.raises(IntegrityError), transaction.atomic():
        key.delete()


def test_the_private_half_is_sealed(team, db):
    key = rotate_key(at=AT)

    assert len(key.public) == 43
    assert key.sealed.startswith("gAAAA")


def test_a_client_session_reads_no_key(acme, db):
    with rls.staff("test"):
        rotate_key(at=AT)

    with rls.clients(acme.pk):
        assert SigningKey.objects.count() == 0


def test_too_many_questions_wait(client, paid):
    code = code_of(paid)
    answers = [client.post("/verifier/etat/", {"code": "x"}).status_code for _turn in range(30)]

    assert set(answers) == {404}
    assert client.post("/verifier/etat/", {"code": code}).status_code == 429


def test_a_receipt_of_another_company_of_ours_with_the_same_number_is_another(
    client, paid, manager
):
    from billing.payments.services import record_payment
    from core.accounts.models import Client, Company

    with rls.staff("test world"):
        sister = Company.objects.create(name="Autre", legal_name="Autre SARL")
        other = Client.objects.create(company=sister, name="Ailleurs")
        record_payment(
            client=other,
            invoice=None,
            amount=100_000,
            method="cash",
            received_on=AT.date(),
            actor=manager,
            at=AT,
        )

    page = client.post("/verifier/", {"code": code_of(paid, seller="Autre SARL")}).content.decode()

    assert "Le paiement est bien dans nos registres." in page
    assert "Il reste" not in page
