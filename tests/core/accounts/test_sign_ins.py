"""Every try to sign in is written once, without its password, and kept for thirteen months."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core import rls
from core.accounts import services
from core.accounts.models import SignIn
from core.accounts.sign_ins import way_in
from tests.conftest import AT, PASSWORD

LOGIN = "/connexion/"
PHONE = "Mozilla/5.0 (Linux; Android 14) Chrome/120.0"


def tries():
    with rls.staff("test"):
        return list(SignIn.objects.order_by("pk").values_list("email", "user_id", "reason"))


def test_a_sign_in_is_written_with_its_way_and_device(client, acme_owner):
    client.post(
        LOGIN, {"login": "AWA@acme.test", "password": PASSWORD}, headers={"User-Agent": PHONE}
    )

    with rls.staff("test"):
        row = SignIn.objects.get()
    assert (row.user_id, row.email, row.succeeded) == (acme_owner.pk, "awa@acme.test", True)
    assert (row.method, row.address, row.device) == ("password", "127.0.0.1", "Chrome, Android")


def test_failures_say_why_and_never_what_was_typed_as_a_password(client, acme_owner):
    for email in ("awa@acme.test", "personne@acme.test"):
        client.post(LOGIN, {"login": email, "password": "un-secret-tape"})

    assert tries() == [
        ("awa@acme.test", acme_owner.pk, "wrong"),
        ("personne@acme.test", None, "unknown"),
    ]
    with rls.staff("test"):
        assert "un-secret-tape" not in str(list(SignIn.objects.values()))


def test_a_closed_account_and_one_held_back_are_told_apart(client, acme_owner, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login_failed": "1/5m/key"}
    client.post(LOGIN, {"login": acme_owner.email, "password": "faux"})
    client.post(LOGIN, {"login": acme_owner.email, "password": PASSWORD})

    assert [reason for _email, _user, reason in tries()] == ["wrong", "held"]


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([{"method": "password"}], ("password", "")),
        ([{"method": "password"}, {"method": "mfa", "type": "totp"}], ("password", "totp")),
        ([{"method": "code"}], ("code", "")),
        ([{"method": "mfa", "type": "webauthn"}], ("passkey", "")),
        ([], ("other", "")),
    ],
)
def test_the_way_in_is_read_from_what_the_session_keeps(records, expected):
    assert way_in(records) == expected


def keep(at: datetime, **facts):
    facts = {"email": "a@b.test", "user": None, "method": "password", "device": "", **facts}
    services.keep_sign_in(address="", at=at, **facts)


def test_a_row_is_never_changed_and_no_client_reads_it(acme, db):
    keep(AT)

    with rls.clients(acme.pk):
        assert SignIn.objects.count() == 0
    with rls.staff("test"), pytest.raises(IntegrityError), transaction.atomic():
        SignIn.objects.update(email="autre@b.test")
    assert tries() == [("a@b.test", None, "")]


def test_rows_go_after_thirteen_months(db):
    keep(AT - timedelta(days=397))
    keep(AT - timedelta(days=395), email="garde@b.test")

    assert services.forget_old_sign_ins(at=AT) == 1
    assert tries() == [("garde@b.test", None, "")]


def test_owners_alone_read_the_journal(owner_staff, manager, client_of, db):
    keep(timezone.now(), email="essai@b.test", reason="wrong")

    page = client_of(owner_staff).get("/admin/rapports/connexions/?succeeded=False&qui=inconnu")

    assert "essai@b.test" in page.content.decode()
    assert client_of(manager).get("/admin/rapports/connexions/").status_code in (302, 403)
