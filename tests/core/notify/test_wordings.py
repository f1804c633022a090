"""The team's own words for a mail: closed placeholders, nothing that runs."""

import pytest

from core.notify.mail import owe_mail
from core.notify.models import MessageTemplate, OutgoingMail
from core.notify.wordings import Wording, fill, unknown_placeholders

INVITATION = "account/invitation"
MESSAGES = "/admin/snippets/notify/messagetemplate/"
BILL = Wording(
    "invoicing/invoice",
    "Facture",
    {"numero": ("number", "numéro"), "montant": ("amount", "montant")},
)


def test_fills_the_placeholders_it_knows():
    text = fill("{{numero}} : {{ montant }}", BILL, {"number": "FAC-2026-0042", "amount": "1 F"})

    assert text == "FAC-2026-0042 : 1 F"


def test_a_value_is_never_read_again_as_a_text_to_fill():
    text = fill("{{ numero }}", BILL, {"number": "{{ montant }}", "amount": "1 F"})

    assert text == "{{ montant }}"


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("{{ numero }} {{ montant }}", []),
        ("{{ client }}", ["client"]),
        ("{{ numero.__class__ }}", ["numero.__class__"]),
        ("{{ numero|safe }}", ["numero|safe"]),
        ("{% load static %}", ["{% load static %}"]),
        ("{# caché #}", ["{# caché #}"]),
    ],
)
def test_names_what_a_mail_does_not_know(text, unknown):
    assert unknown_placeholders(text, BILL) == unknown


def owe_invitation(key):
    return owe_mail(
        INVITATION,
        key=key,
        to=["zie@acme.test"],
        context={
            "name": "Zié <b>",
            "client_name": "Acme",
            "inviter": "Awa",
            "days": 7,
            "url": "https://nourx.test/invitation/x/",
        },
    )


def test_a_mail_leaves_in_our_own_words(team, db):
    MessageTemplate.objects.create(
        name=INVITATION, subject="Bienvenue chez {{ client }}", body="Bonjour {{ nom }}."
    )

    mail = owe_invitation("1")

    assert mail.subject == "Bienvenue chez Acme"
    assert "Bonjour Zié <b>." in mail.text
    assert "https://nourx.test/invitation/x/" in mail.text
    assert "Bonjour Zié &lt;b&gt;." in mail.html


def test_words_that_are_not_used_change_nothing(team, db):
    MessageTemplate.objects.create(name=INVITATION, subject="Autre", body="Autre", is_active=False)

    assert "Autre" not in owe_invitation("1").subject


def test_refuses_to_keep_a_text_with_an_unknown_placeholder(owner_staff, client_of):
    page = client_of(owner_staff).post(
        f"{MESSAGES}add/",
        {"name": INVITATION, "subject": "Bonjour", "body": "{{ secret }}", "is_active": "on"},
    )

    assert "Ce message ne connaît pas : secret." in page.content.decode()
    assert not MessageTemplate.objects.exists()


def test_keeps_a_text_whose_placeholders_are_known(owner_staff, client_of):
    client_of(owner_staff).post(
        f"{MESSAGES}add/",
        {"name": INVITATION, "subject": "Bonjour {{ nom }}", "body": "Ici.", "is_active": "on"},
    )

    assert MessageTemplate.objects.get().subject == "Bonjour {{ nom }}"


def test_a_manager_does_not_change_our_words(manager, client_of):
    client_of(manager).post(
        f"{MESSAGES}add/", {"name": INVITATION, "subject": "a", "body": "b", "is_active": "on"}
    )

    assert not MessageTemplate.objects.exists()
    assert not OutgoingMail.objects.exists()
