"""Seeing the portal as a member: read only, on the record, for a while, by whoever may."""

import pytest
from django.utils import timezone
from wagtail.models import ModelLogEntry

from billing.invoicing.models import InvoiceEvent
from core import rls
from core.accounts import seeing
from core.notify.models import Notification
from portal.support.models import Ticket

pytestmark = pytest.mark.usefixtures("team")


@pytest.fixture
def membership(acme_owner):
    return acme_owner.memberships.get()


@pytest.fixture
def looking(manager, client_of, membership):
    """The browser of a manager who sees Acme as its owner does."""
    browser = client_of(manager)
    address = f"/admin/snippets/accounts/membership/voir-comme/{membership.pk}/"
    answer = browser.post(address, {"reason": "Le client ne trouve pas sa facture"})
    assert answer.url == "/client/"
    return browser


def test_the_portal_shows_what_the_member_sees_under_a_band(looking, invoice, acme_owner):
    page = looking.get("/client/factures/").content.decode()

    assert invoice.number in page
    assert f"Vous voyez l’espace de {acme_owner}" in page
    assert "data-person" not in page
    assert "data-service-worker" not in page


def test_nothing_counts_as_read_by_the_client(looking, invoice, acme, acme_owner):
    with rls.staff("test"):
        notice = Notification.objects.create(
            client=acme, user=acme_owner, event="invoice_issued", text="Facture", key="k"
        )
        before = InvoiceEvent.objects.count()

    assert looking.get(f"/client/factures/{invoice.number}/").status_code == 200
    looking.get("/client/notifications/")

    notice.refresh_from_db()
    assert notice.read_at is None
    assert InvoiceEvent.objects.count() == before


def test_nothing_is_sent_in_the_name_of_the_member(looking, acme):
    answer = looking.post("/client/support/nouveau/", {"subject": "X", "message": "Y"})

    assert answer.status_code == 403
    assert "lecture seule" in answer.content.decode()
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("page", ["/client/profil/", "/client/profil/securite/"])
def test_what_is_the_person_s_own_stays_closed(looking, page):
    assert looking.get(page).status_code == 403


def test_the_admin_and_the_api_keep_the_eyes_of_the_team(looking, manager):
    assert manager.first_name in looking.get("/admin/").content.decode()
    assert looking.get("/api/v1/invoices/").status_code in (403, 404, 200)
    assert "FAC-" not in looking.get("/api/v1/invoices/").content.decode()


def test_it_is_kept_with_its_reason_and_ends_on_demand(looking, manager, membership):
    looking.post("/admin/voir-comme/fin/")

    acts = ModelLogEntry.objects.filter(action__endswith="_seen").order_by("timestamp", "pk")
    assert [(act.action, act.user) for act in acts] == [
        ("member_seen", manager),
        ("member_no_longer_seen", manager),
    ]
    assert acts[0].data["reason"] == "Le client ne trouve pas sa facture"
    assert "Vous voyez l’espace" not in looking.get("/client/", follow=True).content.decode()


def test_it_ends_by_itself(looking, monkeypatch):
    later = timezone.now().timestamp() + seeing.LASTS + 1
    monkeypatch.setattr(seeing.time, "time", lambda: later)

    page = looking.get("/client/", follow=True).content.decode()

    assert "Vous voyez l’espace" not in page
    assert seeing.KEY not in looking.session


def test_it_ends_with_the_right_to_it(looking, manager):
    manager.groups.clear()

    page = looking.get("/client/", follow=True).content.decode()

    assert "Vous voyez l’espace" not in page


@pytest.mark.parametrize("who", ["editor", "acme_owner"])
def test_nobody_else_begins(request, client_of, membership, who):
    person = request.getfixturevalue(who)
    browser = client_of(person)

    browser.post(
        f"/admin/snippets/accounts/membership/voir-comme/{membership.pk}/", {"reason": "Curiosité"}
    )

    assert seeing.KEY not in browser.session
    assert not ModelLogEntry.objects.filter(action="member_seen").exists()


def test_a_reason_is_asked(manager, client_of, membership):
    browser = client_of(manager)

    browser.post(f"/admin/snippets/accounts/membership/voir-comme/{membership.pk}/", {"reason": ""})

    assert seeing.KEY not in browser.session
