"""Mail of ours that came back: on the mail, and on the address when it is for good."""

import pytest

from core.notify.mail import owe_mail
from core.notify.models import UndeliverableAddress
from portal.inbox.models import IncomingMail
from tests.portal.inbox import corpus
from tests.portal.inbox.conftest import AT

State = IncomingMail.State


@pytest.fixture
def sent(team, db, do_owed_work):
    owed = owe_mail(
        "notify/letter", key="b", to=["vieux@acme.test"], context={"subject": "s", "body": "b"}
    )
    do_owed_work()
    owed.refresh_from_db()
    return owed


def test_a_bounce_marks_the_mail_and_the_address(arrives, sent):
    mail = arrives(corpus.bounce(sent.message_id, "vieux@acme.test"))

    sent.refresh_from_db()
    assert (mail.state, sent.bounced_at) == (State.BOUNCE, AT)
    assert UndeliverableAddress.objects.get().email == "vieux@acme.test"


def test_a_full_box_or_a_forged_report_marks_no_address(arrives, sent):
    arrives(corpus.bounce(sent.message_id, "vieux@acme.test", status="4.2.2", action="delayed"))
    arrives(corpus.bounce(sent.message_id, "victime@acme.test", status="5.0.0"))
    arrives(corpus.bounce("inconnu@nourx.test", "victime@acme.test", status="5.2.0"))

    assert not UndeliverableAddress.objects.exists()
