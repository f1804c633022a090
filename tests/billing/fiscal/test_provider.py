"""Each way the FNE may answer, and what is known afterwards."""

import socket
from decimal import Decimal

import pytest

from billing.fiscal.providers.base import (
    Customer,
    NotSent,
    RateSum,
    Rejected,
    Sale,
    SaleLine,
    Tax,
    Uncertain,
)
from billing.fiscal.providers.fne import FneProvider
from billing.fiscal.providers.fne.answers import read_answer
from billing.fiscal.providers.fne.payload import sale_request, template_of
from billing.fiscal.providers.fne.transport import Answer

BUYER = Customer("Sika SARL", "company", "CI", "7654321 B", "+225 07 00 00 00 00", "a@sika.test")
LINE = SaleLine(
    "1", "Site", Decimal(1), Decimal(1_000_000), Decimal(18), "TVA", 1_000_000, "forfait"
)
SUMS = (RateSum(Decimal(18), 1_000_000, 180_000),)


def a_sale(customer=BUYER, line=LINE, **values):
    return Sale("FAC-2026-0001", customer, [line], SUMS, footer="Notre facture F1", **values)


def a_buyer(**changes):
    return Customer(**{**BUYER.__dict__, **changes})


def test_a_sale_is_told_in_the_words_of_the_procedure(provider):
    sale = a_sale(taxes=[Tax("AIRSI", Decimal("2.00"))])

    body = provider.prepare_sale(sale).body

    assert body == {
        "invoiceType": "sale",
        "paymentMethod": "deferred",
        "template": "B2B",
        "isRne": False,
        "clientNcc": "7654321B",
        "clientCompanyName": "Sika SARL",
        "clientPhone": "+2250700000000",
        "clientEmail": "a@sika.test",
        "pointOfSale": "Siège",
        "establishment": "NOURX",
        "items": [
            {
                "taxes": ["TVA"],
                "reference": "1",
                "description": "Site",
                "quantity": 1,
                "amount": 1000000,
                "measurementUnit": "forfait",
            }
        ],
        "customTaxes": [{"name": "AIRSI", "amount": 2}],
        "footer": "Notre facture F1",
    }


@pytest.mark.parametrize(
    ("changes", "template"),
    [
        ({}, "B2B"),
        ({"kind": "public"}, "B2G"),
        ({"kind": "person"}, "B2C"),
        ({"country": "FR"}, "B2F"),
        ({"country": "FR", "kind": "person"}, "B2F"),
    ],
)
def test_the_template_follows_the_client(changes, template):
    assert template_of(a_buyer(**changes)) == template


def test_a_foreign_currency_is_told_with_its_rate_and_in_major_units(provider):
    line = SaleLine("1", "Site", Decimal(1), Decimal(150_050), Decimal(0), "TVAC", 150_050)
    sale = Sale(
        "F1",
        a_buyer(country="FR"),
        [line],
        [RateSum(Decimal(0), 150_050, 0)],
        currency="EUR",
        minor_digits=2,
        exchange_rate=Decimal("655.957"),
    )

    body = provider.prepare_sale(sale).body

    assert (body["foreignCurrency"], body["foreignCurrencyRate"]) == ("EUR", 655.957)
    assert body["items"][0]["amount"] == 1500.5


@pytest.mark.parametrize(
    ("sale", "words"),
    [
        (a_sale(a_buyer(ncc="")), "NCC"),
        (a_sale(a_buyer(phone="")), "téléphone"),
        (a_sale(a_buyer(email="")), "e-mail"),
        (a_sale(line=SaleLine(**{**LINE.__dict__, "vat_code": ""})), "nature de sa TVA"),
        (a_sale(line=SaleLine(**{**LINE.__dict__, "vat_code": "TVAB"})), "TVAB à 18"),
        (a_sale(currency="GHS"), "GHS"),
        (a_sale(currency="EUR"), "cours"),
    ],
)
def test_what_the_fne_would_refuse_never_leaves(provider, fne, sale, words):
    with pytest.raises(Rejected, match=words):
        provider.prepare_sale(sale)

    assert fne.requests == []


def test_a_sale_is_certified(provider, fne):
    prepared = provider.prepare_sale(a_sale())

    done = provider.send(prepared)

    assert done.reference == "2112345A26000000001"
    assert done.verification_url.startswith("http://54.247.95.108/fr/verification/")
    assert done.sticker_balance == 999
    assert [(item.net, item.rate) for item in done.items] == [(1_000_000, 18)]
    assert done.items[0].id == fne.documents[0].items[0]["id"]
    assert done.note == ""


@pytest.mark.parametrize(
    ("fault", "error", "certified"),
    [
        ("bad_request", Rejected, 0),
        ("company_not_found", Rejected, 0),
        ("unauthorized", NotSent, 0),
        ("unavailable", NotSent, 0),
        ("error_before_create", Uncertain, 0),
        ("error_after_create", Uncertain, 1),
        ("cut_after_create", Uncertain, 1),
        ("slow_after_create", Uncertain, 1),
        ("malformed", Uncertain, 1),
        ("half", Uncertain, 1),
    ],
)
def test_each_fault_says_what_is_known(provider, fne, fault, error, certified):
    fne.faults.append(fault)

    with pytest.raises(error) as caught:
        provider.send(provider.prepare_sale(a_sale()))

    assert type(caught.value) is error
    assert len(fne.certified("F1")) == certified


def test_without_stickers_an_unsigned_invoice_is_left_and_nobody_knows(provider, fne):
    fne.stickers = 0

    with pytest.raises(Uncertain, match="stickers"):
        provider.send(provider.prepare_sale(a_sale()))

    assert [one.reference for one in fne.documents] == [""]


def test_a_refused_connection_sent_nothing():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    provider = FneProvider(f"http://127.0.0.1:{port}/ws", "clé", "Siège", "NOURX")

    with pytest.raises(NotSent):
        provider.send(provider.prepare_sale(a_sale()))


@pytest.mark.parametrize(("status", "error"), [(504, Uncertain), (408, Uncertain), (302, Rejected)])
def test_other_statuses(status, error):
    prepared = sale_request(a_sale(), point_of_sale="Siège", establishment="NOURX")

    with pytest.raises(error):
        read_answer(Answer(status, None), prepared)


def test_a_vat_that_is_not_ours_is_remarked(provider):
    prepared = provider.prepare_sale(a_sale())
    body = {
        "reference": "2112345A26000000001",
        "token": "https://fne.dgi.gouv.ci/v/1",
        "invoice": {"id": "1", "vatAmount": 181_000, "items": []},
    }

    done = read_answer(Answer(200, body), prepared)

    assert "181000" in done.note
    assert done.items == []


def test_trying_the_connection_certifies_nothing_and_says_what_it_proves(provider, fne):
    assert "ne prouve ni le point de vente" in provider.check()
    assert fne.documents == []


def test_trying_with_a_wrong_key_says_so(fne):
    provider = FneProvider(fne.url, "autre", "Siège", "NOURX")

    with pytest.raises(NotSent, match="clé"):
        provider.check()


def test_the_key_is_in_no_text_of_the_provider(provider, fne):
    assert fne.key not in repr(provider)
    assert fne.key not in str(provider.prepare_sale(a_sale()).body)
