"""A mailbox of ours, a client who writes, and what takes a message in."""

from datetime import UTC, datetime

import pytest

from core.accounts.secrets import encrypt_text
from portal.inbox.models import Mailbox
from portal.inbox.receiving import receive
from portal.inbox.treating import treat
from tests.portal.inbox import corpus

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
SECRET = "un-secret-de-vingt-quatre-lettres"


@pytest.fixture
def mailbox(db, settings, tmp_path):
    return Mailbox.objects.create(
        name="Support",
        address="support@nourx.test",
        kind="webhook",
        trusted_server=corpus.TRUSTED,
        sealed=encrypt_text(SECRET),
    )


@pytest.fixture
def awa(acme, make_member):
    return make_member(acme, "owner", email="awa@acme.test")


@pytest.fixture
def arrives(mailbox, team):
    """Return a function that takes a message in and treats it, as the worker would."""

    def arrive(message):
        raw = message if isinstance(message, bytes) else message.as_bytes()
        mail = receive(mailbox=mailbox, raw=raw, at=AT)
        treat(mail_id=mail.pk, at=AT)
        mail.refresh_from_db()
        return mail

    return arrive
