"""From an invoice to its receipt, through HTTP alone: our site, CinetPay's page, the mailbox."""

import re
import time
from urllib.parse import urlsplit

import pytest
import requests
from django.core import mail

from billing.payments.sandbox.clock import VirtualClock
from billing.payments.sandbox.notifications import Outbox
from billing.payments.sandbox.server import SandboxServer
from billing.payments.sandbox.state import Sandbox
from billing.payments.tasks import drain_inbox
from core import rls
from core.outbox.models import OwedWork

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cinetpay(settings, live_server):
    """CinetPay, which knows where our site listens."""
    settings.BASE_URL = live_server.url
    clock = VirtualClock(time.time())
    with SandboxServer(Sandbox(clock=clock, outbox=Outbox(clock))) as server:
        settings.CINETPAY_BASE_URL = server.url
        yield server


@pytest.fixture
def browser():
    """Somebody's browser, which follows redirects from site to site."""
    with requests.Session() as session:
        session.trust_env = False
        yield session


def submit(browser, page, **values):
    """Send the form of a page that pays, with its hidden fields."""
    form = re.search(
        r'<form[^>]*action="([^"]*(?:payer|pay)/?)"[^>]*>(.*?)</form>', page.text, re.S
    )
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form[2]))
    url = requests.compat.urljoin(page.url, form[1])
    return browser.post(url, {**hidden, **values}, headers={"Referer": page.url})


def test_a_client_pays_and_has_the_receipt_by_mail(
    live_server, cinetpay, client_of, acme_owner, invoice, browser, do_owed_work
):
    signed_in = client_of(acme_owner)
    browser.cookies.update({name: each.value for name, each in signed_in.cookies.items()})

    invoice_page = browser.get(f"{live_server.url}/client/factures/{invoice.number}/")
    checkout = submit(browser, invoice_page, channel="mtn")
    assert checkout.url.startswith(cinetpay.url)

    submit(browser, checkout, operator="MOMO", phone="07 07 07 07 01")
    token = urlsplit(checkout.url).path.split("/")[2]
    reference = cinetpay.sandbox.open_page(token).transaction_id
    returned = requests.post(
        f"{live_server.url}/paiement/retour/", {"transaction_id": reference, "token": token}
    )
    assert returned.history[0].status_code == 303
    assert "Validez sur votre téléphone" in returned.text

    cinetpay.sandbox.advance(20)
    drain_inbox()

    status = browser.get(f"{live_server.url}/client/paiements/{reference}/statut.json").json()
    assert (status["status"], status["amount"]) == ("paid", 118_000)
    with rls.staff("test"):
        do_owed_work()
        invoice.refresh_from_db()
        assert OwedWork.objects.exclude(state="done").count() == 0
    assert invoice.amount_due == 0

    (receipt,) = [each for each in mail.outbox if "Paiement reçu" in each.subject]
    (pdf,) = receipt.attachments
    assert receipt.to == ["acme@acme.test", "awa@acme.test"]
    assert (pdf.filename, pdf.content[:5]) == ("REC-2026-0001.pdf", b"%PDF-")

    paid_page = browser.get(f"{live_server.url}/client/factures/{invoice.number}/").text
    assert "Payée" in paid_page
    assert "REC-2026-0001" in paid_page
    posted = [notice for notice in cinetpay.sandbox.outbox.notices if notice.method == "POST"]
    assert {notice.last_status for notice in posted} == {200}
