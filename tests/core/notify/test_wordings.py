"""The team's own words for a mail: closed placeholders, nothing that runs."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from core import rls
from core.notify.mail import owe_mail
from core.notify.models import MessageTemplate, OutgoingMail
from core.notify.wordings import Wording, fill, unknown_placeholders, wordings

INVITATION = "account/invitation"
MESSAGES = "/admin/snippets/notify/messagetemplate/"
BILL = Wording(
    "invoicing/invoice",
    "Facture",
    {"numero": ("number", "numéro", "FAC-1"), "montant": ("amount", "montant", "2 F")},
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


def posted(subject, body, language="fr"):
    return {
        "kind": "wording",
        "wording": INVITATION,
        "language": language,
        "subject": subject,
        "body": body,
        "is_active": "on",
    }


def test_who_reads_another_language_gets_our_text_in_it(team, db):
    MessageTemplate.objects.create(name=INVITATION, subject="Bienvenue", body="Ici.")

    with translation.override("en"):
        english = owe_invitation("1").subject
        MessageTemplate.objects.create(
            name=INVITATION, language="en", subject="Welcome to {{ client }}", body="Here."
        )
        reworded = owe_invitation("2").subject

    assert english != "Bienvenue"
    assert reworded == "Welcome to Acme"


def test_one_text_per_mail_and_language(owner_staff, client_of):
    MessageTemplate.objects.create(name=INVITATION, subject="Bienvenue", body="Ici.")

    page = client_of(owner_staff).post(f"{MESSAGES}add/", posted("Autre", "Autre"))

    assert "Ce message a déjà un modèle dans cette langue." in page.content.decode()
    assert MessageTemplate.objects.get().subject == "Bienvenue"


def test_a_mail_is_seen_then_sent_to_oneself_with_examples(owner_staff, client_of):
    words = MessageTemplate.objects.create(
        name=INVITATION, subject="Bienvenue {{ nom }}", body="Chez {{ client }}", is_active=False
    )
    browser = client_of(owner_staff)

    seen = browser.get(f"{MESSAGES}essai/{words.pk}/").content.decode()
    browser.post(f"{MESSAGES}essai/{words.pk}/")

    assert "Bienvenue Aminata Koné" in seen
    with rls.staff("test"):
        mail = OutgoingMail.objects.get()
    assert mail.recipients == [owner_staff.email]
    assert mail.subject == "[Essai] Bienvenue Aminata Koné"
    assert "Chez Akwaba Distribution" in mail.text


def test_a_manager_sends_no_test(manager, client_of):
    words = MessageTemplate.objects.create(name=INVITATION, subject="a", body="b")

    client_of(manager).post(f"{MESSAGES}essai/{words.pk}/")

    with rls.staff("test"):
        assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("template", sorted(wordings()))
def test_every_placeholder_is_a_fact_that_the_mail_really_has(template):
    """A placeholder whose key no mail gives would leave a hole in the text."""
    path = Path(settings.BASE_DIR, "templates/mail", f"{template}.txt")
    ours = path.read_text() + path.with_suffix(".html").read_text()

    missing = [
        key
        for key, _label, _example in wordings()[template].placeholders.values()
        if key != "brand_name" and not re.search(rf"\b{key}\b", ours)
    ]

    assert missing == []


def test_refuses_to_keep_a_text_with_an_unknown_placeholder(owner_staff, client_of):
    page = client_of(owner_staff).post(
        f"{MESSAGES}add/",
        posted("Bonjour", "{{ secret }}"),
    )

    assert "Ce message ne connaît pas : secret." in page.content.decode()
    assert not MessageTemplate.objects.exists()


def test_keeps_a_text_whose_placeholders_are_known(owner_staff, client_of):
    client_of(owner_staff).post(
        f"{MESSAGES}add/",
        posted("Bonjour {{ nom }}", "Ici."),
    )

    assert MessageTemplate.objects.get().subject == "Bonjour {{ nom }}"


def test_a_manager_does_not_change_our_words(manager, client_of):
    client_of(manager).post(f"{MESSAGES}add/", posted("a", "b"))

    assert not MessageTemplate.objects.exists()
    assert not OutgoingMail.objects.exists()
