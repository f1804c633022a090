"""Logs hold no address that is a key, as it is or in the `next` of another."""

import uuid
from urllib.parse import quote

import pytest

from core.audit.log_filter import masked
from core.notify.unsubscribing import stop_url
from tests.access.addresses import every_address

SIGNED = "eyJmIjoiMSJ9:1w2x3y:Qz7-_Qz7-_Qz7-_Qz7-_"
PLAIN = "0f1e2d3c4b5a" * 6
OF_A_KEY = {"token": SIGNED, "uidb36": "2s", "key": "c9abcd-0123456789abcdef", "number": "REC-1"}
KEYS = [address for address in every_address() if {"token", "key"} & set(address.arguments)]


@pytest.mark.parametrize("address", KEYS, ids=lambda address: address.name)
def test_no_address_that_is_a_key_is_written_down(address):
    values = {**OF_A_KEY, **({"token": PLAIN} if "<slug:token>" in address.route else {})}
    values |= {"token": uuid.uuid4()} if "<uuid:token>" in address.route else {}
    path = address.path(values)

    for said in (f"Not Found: {path}", f"GET /connexion/?next={quote(path, safe='')} 200"):
        kept = masked(said)

        assert "***" in kept
        assert str(values["token"])[-20:] not in kept
        assert values["key"] not in kept


def test_the_link_that_stops_mail_is_not_written_down():
    assert "***" in masked(f"Not Found: {stop_url(7, 'ticket_answered')}")


@pytest.mark.parametrize("path", ["/client/factures/FAC-2026-0001/", "/partage/", "/p/court/"])
def test_other_addresses_stay_as_they_are(path):
    assert masked(f"Not Found: {path}") == f"Not Found: {path}"
