"""Journals: read by who may, and never a way to what they do not show."""

import pytest

from core.notify.models import Notification, OutgoingMail

MAILS, NOTICES = "/admin/journaux/courriels/", "/admin/journaux/notifications/"
LINK = "https://nourx.test/mot-de-passe/nouveau/1-cle-secrete/"


@pytest.fixture
def make_mail(db):
    def make(template="account/password_link", **fields):
        facts = {"key": template, "recipients": ["direction@nourx.test"], "subject": "Votre lien"}
        return OutgoingMail.objects.create(template=template, text=LINK, **facts, **fields)

    return make


def test_a_link_that_opens_an_account_is_not_read_in_the_journal(as_manager, make_mail):
    page = as_manager.get(f"{MAILS}inspect/{make_mail().pk}/").content.decode()
    assert "Votre lien" in page
    assert "cle-secrete" not in page


def test_the_text_of_other_mails_is_read(as_manager, make_mail):
    mail = make_mail("invoicing/invoice")
    assert LINK in as_manager.get(f"{MAILS}inspect/{mail.pk}/").content.decode()


@pytest.mark.parametrize("lookup", ["text__contains", "template__startswith", "key"])
def test_the_address_of_a_journal_asks_no_hidden_field(as_manager, make_mail, lookup):
    make_mail()
    page = as_manager.get(MAILS, {lookup: "absent"}).content.decode()
    assert "Votre lien" in page, "the lookup narrowed the list"


def test_the_address_of_a_journal_follows_no_relation(as_manager, make_client, make_user):
    person, client = make_user("membre@client.test"), make_client()
    Notification.objects.create(
        user=person, client=client, event="x", text="Avis reconnaissable", key="x"
    )
    page = as_manager.get(NOTICES, {"user__password__startswith": "absent"}).content.decode()
    assert "Avis reconnaissable" in page, "the lookup narrowed the list"


def test_a_journal_keeps_its_own_filters(as_manager, make_mail):
    make_mail()
    page = as_manager.get(MAILS, {"state__exact": "sent"}).content.decode()
    assert "Votre lien" not in page


@pytest.mark.parametrize("asked", [{"q": "\0"}, {"created_at__gte": "abc"}])
def test_what_cannot_be_looked_up_shows_the_whole_journal(as_manager, make_mail, asked):
    make_mail()
    page = as_manager.get(MAILS, asked, follow=True).content.decode()
    assert "Votre lien" in page
