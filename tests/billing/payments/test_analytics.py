"""What is counted of a payment and of a deposit: once each, with consent, and no personal data."""

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from core import rls
from core.accounts import services
from core.files.services import store_file
from core.outbox.models import OwedWork
from portal.documents.models import ProjectDocument
from portal.documents.services.versions import keep_version
from tests.conftest import AT


class Posthog(HTTPServer):
    """Keeps what it is sent."""

    def __init__(self):
        self.events = []
        events = self.events

        class Answer(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                events.append(json.loads(body))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *arguments):
                return

        super().__init__(("127.0.0.1", 0), Answer)


@pytest.fixture
def posthog(settings):
    """A PostHog that listens on this machine, and our key there."""
    server = Posthog()
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.POSTHOG_KEY = "phc_test"
    settings.POSTHOG_HOST = f"http://127.0.0.1:{server.server_port}"
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def consent(user):
    return services.set_analytics(user=user, is_on=True, at=AT)


def test_a_payment_is_counted_as_tried_then_as_paid_once_each(
    posthog, acme_owner, invoice, start, payer, check, do_owed_work
):
    attempt = start(invoice, actor=consent(acme_owner))
    payer.pay(attempt)
    check(attempt)

    do_owed_work()

    ids = {"attempt_id": attempt.pk, "invoice_id": invoice.pk}
    common = {"$process_person_profile": False, "$geoip_disable": True}
    assert [(event["event"], event["properties"]) for event in posthog.events] == [
        ("payment_tried", {**ids, **common}),
        ("payment_paid", {**ids, **common}),
    ]
    assert {event["distinct_id"] for event in posthog.events} == {f"user-{acme_owner.pk}"}
    text = json.dumps(posthog.events)
    for personal in (acme_owner.email, "Awa", "Koné", "Acme", "118000", invoice.number):
        assert personal not in text


def deposit(acme, project, actor):
    with rls.staff("test"):
        document = ProjectDocument.objects.create(project=project, title="Plan")
        file = store_file(
            content=b"x", name="plan.pdf", content_type="application/pdf", client_id=acme.pk
        )
        keep_version(document=document, file=file, actor=actor, at=AT)
    return document


def test_a_document_that_a_client_hands_in_is_counted(
    posthog, acme, acme_owner, project, do_owed_work
):
    document = deposit(acme, project, consent(acme_owner))

    do_owed_work()

    [event] = posthog.events
    assert event["event"] == "document_uploaded"
    assert event["properties"]["document_id"] == document.pk


def test_what_the_team_hands_in_is_not_counted(posthog, acme, owner_staff, project, do_owed_work):
    deposit(acme, project, consent(owner_staff))

    do_owed_work()

    assert posthog.events == []


def test_without_consent_nothing_is_even_owed(posthog, acme, acme_owner, project):
    deposit(acme, project, acme_owner)

    assert not OwedWork.objects.filter(topic="analytics").exists()


def test_without_a_key_nothing_is_even_owed(acme, acme_owner, project, settings):
    settings.POSTHOG_KEY = ""

    deposit(acme, project, consent(acme_owner))

    assert not OwedWork.objects.filter(topic="analytics").exists()


def test_a_consent_taken_back_before_it_leaves_stops_it(
    posthog, acme, acme_owner, project, do_owed_work
):
    deposit(acme, project, consent(acme_owner))
    services.set_analytics(user=acme_owner, is_on=False, at=AT)

    do_owed_work()

    assert posthog.events == []


def test_an_event_sent_again_has_the_same_name_of_its_own(
    posthog, acme, acme_owner, project, do_owed_work
):
    deposit(acme, project, consent(acme_owner))
    payload = OwedWork.objects.get(topic="analytics").payload

    do_owed_work()
    services.send_act(**payload)

    assert posthog.events[0]["uuid"] == posthog.events[1]["uuid"]
