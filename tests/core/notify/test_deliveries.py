"""Mail that fails is written down, and sent again once on request."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail as outbox
from django.test import override_settings

from core.notify import services
from core.notify.mail import owe_mail
from core.notify.models import OutgoingMail
from core.outbox.models import OwedWork
from core.outbox.services import do

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
NO_SERVER = {
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "EMAIL_HOST": "127.0.0.1",
    "EMAIL_PORT": 1,
}


@pytest.fixture
def owed(team, db):
    return owe_mail(
        "account/password_changed", key="1", to=["awa@acme.test"], context={"name": "Awa"}
    )


def test_a_mail_that_does_not_leave_says_why(owed):
    with override_settings(**NO_SERVER), pytest.raises(ConnectionRefusedError):
        services.deliver(mail_id=owed.pk, at=NOON)

    owed.refresh_from_db()
    assert (owed.state, owed.tries) == (OutgoingMail.State.FAILED, 1)
    assert owed.last_error.startswith("ConnectionRefusedError")
    assert outbox.outbox == []


def test_the_next_try_sends_it(owed):
    with override_settings(**NO_SERVER), pytest.raises(ConnectionRefusedError):
        services.deliver(mail_id=owed.pk, at=NOON)

    services.deliver(mail_id=owed.pk, at=NOON)

    owed.refresh_from_db()
    assert (owed.state, owed.last_error) == (OutgoingMail.State.SENT, "")
    assert len(outbox.outbox) == 1


def test_resending_takes_up_work_that_was_given_up(owed, owner_staff):
    later = NOON + timedelta(hours=1)
    OutgoingMail.objects.update(state=OutgoingMail.State.FAILED)
    OwedWork.objects.update(state=OwedWork.State.DEAD, tries=12)

    services.resend(mail=owed, actor=owner_staff, at=later)
    do(OwedWork.objects.get().pk, at=later)

    owed.refresh_from_db()
    assert owed.state == OutgoingMail.State.SENT
    assert len(outbox.outbox) == 1


def test_refuses_to_send_twice_what_has_left(owed, owner_staff):
    services.deliver(mail_id=owed.pk, at=NOON)

    with pytest.raises(services.AlreadySent):
        services.resend(mail=owed, actor=owner_staff, at=NOON)

    assert len(outbox.outbox) == 1
