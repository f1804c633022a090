"""The portal by link: essential, narrow, limited, and closed at once when it is revoked."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from core import rls
from core.rls import staff
from portal.guests import services
from portal.guests.models import PortalLink
from portal.guests.views import COOKIE
from portal.support.models import Ticket, TicketMessage

pytestmark = pytest.mark.django_db
QUESTION = {"name": "Awa", "subject": "Livraison", "body": "Quand livrez-vous ?"}
UNKNOWN = "/portail/" + "0" * 80 + "/"


@pytest.fixture
def make_link(owner_staff):
    def make(client, at=None):
        with staff("test"):
            return services.make_link(client=client, actor=owner_staff, at=at or timezone.now())

    return make


@pytest.fixture
def visitor(acme, make_link, client_of):
    """A browser that came by the link of Acme."""
    browser = client_of()
    browser.get(f"/portail/{make_link(acme)[1]}/")
    return browser


def tickets():
    with rls.staff("test"):
        return list(Ticket.objects.values_list("client__name", "subject", "kind", "status"))


def test_a_token_has_320_bits_of_chance_and_is_kept_as_a_hash(acme, make_link):
    link, token = make_link(acme)
    _other, second = make_link(acme)

    assert (len(token), len(bytes.fromhex(token))) == (80, 40)
    assert token != second
    assert token not in str(PortalLink.objects.filter(pk=link.pk).values().get())


def test_the_link_leads_to_a_clean_address_without_a_session(acme, make_link, client_of):
    browser = client_of()

    response = browser.get(f"/portail/{make_link(acme)[1]}/")

    assert (response.status_code, response.url) == (302, "/portail/")
    assert list(response.cookies) == [COOKIE]
    assert response.cookies[COOKIE]["path"] == "/portail/"
    assert response.cookies[COOKIE]["httponly"] is True
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex, nofollow, noarchive"


def test_opened_twice_it_opens_twice_and_counts(acme, make_link, client_of):
    link, token = make_link(acme)

    for _ in range(2):
        assert client_of().get(f"/portail/{token}/").status_code == 302

    assert PortalLink.objects.get(pk=link.pk).visits == 2


def test_the_page_shows_the_essential_and_nothing_else(acme, visitor, invoice, make_invoice, rival):
    make_invoice(acme)  # a draft
    make_invoice(rival, "FAC-2026-0009")
    with staff("test"):
        ticket = Ticket.objects.create(client=acme, number="T-1", subject="Panier vide")
        TicketMessage.objects.create(
            ticket=ticket, body="note de l’équipe", is_internal=True, created_at=timezone.now()
        )

    response = visitor.get("/portail/")

    page = response.content.decode()
    assert response.status_code == 200
    assert "Acme Distribution" in page
    assert "FAC-2026-0001" in page
    assert "118\u202f000\u00a0F\u00a0CFA" in page
    assert "Payer" in page
    assert "Panier vide" in page
    for hidden in ("FAC-2026-0009", "Rival", "note de l’équipe", "acme@acme.test", "1234567A"):
        assert hidden not in page
    assert "sessionid" not in response.cookies
    assert len(response.content) < 30_000
    assert "<script" not in page


def test_a_paid_invoice_has_no_button(visitor, invoice):
    with staff("test"):
        type(invoice).objects.filter(pk=invoice.pk).update(amount_paid=118_000)

    page = visitor.get("/portail/").content.decode()

    assert "Payée" in page
    assert "<button" in page  # the form of questions
    assert "Payer</button>" not in page


def test_paying_leads_to_the_link_of_that_invoice(visitor, invoice, client_of):
    response = visitor.post("/portail/payer/FAC-2026-0001/")

    assert response.status_code == 302
    assert response.url.startswith("http://testserver/payer/")
    assert "FAC-2026-0001" in client_of().get(response.url).content.decode()


def test_the_invoice_of_another_client_does_not_exist(visitor, rival, make_invoice):
    theirs = make_invoice(rival, "FAC-2026-0009")

    assert visitor.post("/portail/payer/FAC-2026-0009/").status_code == 404
    with staff("test"):
        assert not theirs.pay_links.exists()


def test_a_question_opens_a_new_ticket_and_says_its_number(visitor, acme, do_owed_work):
    response = visitor.post("/portail/question/", QUESTION, follow=True)

    assert tickets() == [("Acme Distribution", "Livraison", "question", "open")]
    assert "Votre demande T-1 est envoyée" in response.content.decode()
    do_owed_work()
    assert [message.to for message in mail.outbox] == [["contact@nourx.test"]]
    assert "Awa" in mail.outbox[0].body


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("subject", "", "Champ requis"),
        ("name", "a" * 101, "100"),
        ("body", "x" * 50_000, "5000"),
    ],
)
def test_a_wrong_question_is_told_and_kept(visitor, field, value, told):
    response = visitor.post("/portail/question/", QUESTION | {field: value})

    page = response.content.decode()
    assert response.status_code == 422
    assert told in page.replace("\u202f", "")
    assert QUESTION["name" if field != "name" else "subject"] in page
    assert tickets() == []


def test_a_question_is_shown_as_text(visitor):
    visitor.post("/portail/question/", QUESTION | {"subject": "<script>alert(1)</script>"})

    assert "<script>alert" not in visitor.get("/portail/").content.decode()


def test_the_sixth_question_of_an_hour_is_held_back(visitor):
    for _ in range(5):
        visitor.post("/portail/question/", QUESTION)

    response = visitor.post("/portail/question/", QUESTION)

    assert response.status_code == 429
    assert "Réessayez dans une heure" in response.content.decode()
    assert len(tickets()) == 5


def test_another_link_ends_the_former_at_once(acme, visitor, make_link, client_of):
    _link, token = make_link(acme)

    assert visitor.get("/portail/").status_code == 404
    assert visitor.post("/portail/question/", QUESTION).status_code == 404
    assert tickets() == []
    assert client_of().get(f"/portail/{token}/").status_code == 302


def test_a_revoked_and_an_expired_link_say_what_an_unknown_one_says(acme, make_link, client_of):
    _old, expired = make_link(acme, at=timezone.now() - timedelta(days=91))
    _link, revoked = make_link(acme)
    with staff("test"):
        services.revoke_link(client=acme, actor=None, at=timezone.now())
    browser = client_of()

    pages = [
        browser.get(path) for path in (f"/portail/{expired}/", f"/portail/{revoked}/", UNKNOWN)
    ]

    assert [page.status_code for page in pages] == [404, 404, 404]
    varying = r'"X-CSRFToken":"[^"]*"|<b class="num">[^<]*</b>'
    assert len({re.sub(varying, "", page.content.decode()) for page in pages}) == 1
    assert COOKIE not in browser.cookies


def test_without_its_link_the_portal_does_not_exist(client_of, acme_owner):
    assert client_of().get("/portail/").status_code == 404
    assert client_of(acme_owner).get("/portail/").status_code == 404


def test_a_made_up_cookie_opens_nothing(client_of, acme, make_link):
    browser = client_of()
    browser.cookies[COOKIE] = str(make_link(acme)[0].pk)

    assert browser.get("/portail/").status_code == 404


def test_the_link_of_a_client_signs_nobody_in(visitor):
    response = visitor.get("/client/factures/")

    assert response.status_code == 302
    assert response.url.startswith("/connexion/")


def test_too_many_tries_from_one_address_are_held_back(client_of):
    browser = client_of()
    codes = [browser.get(UNKNOWN).status_code for _ in range(121)]

    assert codes == [404] * 120 + [429]


def test_the_team_makes_the_link_sees_it_once_and_ends_it(acme, client_of, owner_staff):
    team = client_of(owner_staff)
    root = "/admin/snippets/accounts/client"

    made = team.post(f"{root}/portal-link/{acme.pk}/").content.decode()

    link = PortalLink.objects.get(client=acme)
    shown = made.split('value="http://testserver/portail/')[1][:80]
    assert services.hash_of(shown) == link.token_hash
    record = team.get(f"{root}/inspect/{acme.pk}/?onglet=personnes").content.decode()
    assert shown not in record
    assert f"{link.hint}…" in record
    team.post(f"{root}/revoke-portal-link/{acme.pk}/")
    assert PortalLink.objects.get(pk=link.pk).revoked_at is not None


def test_an_editor_makes_no_link(acme, client_of, editor):
    response = client_of(editor).post(f"/admin/snippets/accounts/client/portal-link/{acme.pk}/")

    assert response.status_code in (302, 403)
    assert not PortalLink.objects.exists()


@pytest.mark.parametrize("number", ["\0", "T-1\0", "x" * 5000])
def test_a_number_of_request_that_means_nothing_shows_the_page(visitor, number):
    assert visitor.get("/portail/", {"demande": number}).status_code == 200
