"""The words and the look of the house: checked, seen on real rows, taken back, sent once."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import gettext
from PIL import Image as Picture

from core.accounts.models import Company, Contact
from core.notify.models import MessageTemplate, OutgoingMail
from core.notify.own_messages import own_wording
from core.notify.wordings import problems_of
from core.ui.branding import accent_tokens, admin_stylesheet, contrast

WORDS = "wagtailsnippets_notify_messagetemplate"


def words(**fields):
    return {
        "kind": "sms",
        "language": "fr",
        "wording": "",
        "name": "Relance",
        "about": "invoice_unpaid",
        "subject": "",
        "body": "Facture {{ numero }} : {{ montant }}.",
        "is_active": "on",
        **fields,
    }


# --- Words --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ inconnu }}", "ne connaît pas : inconnu"),
        ("{% for a in b %}{% endfor %}", "ni boucle"),
        ("{{ numero", "se ferme par }}"),
        ("numero }}", "se ferme par }}"),
        ("{# secret #}", "ni commentaire"),
    ],
)
def test_what_a_template_may_not_hold_is_said_with_what_it_may(text, said):
    problems = problems_of(text, own_wording("invoice_unpaid"))

    assert any(said in problem for problem in problems)
    assert "{{ montant }}" in problems[-1]


def test_a_template_of_ours_is_kept_with_its_versions_and_taken_back(owner_staff, client_of):
    browser = client_of(owner_staff)
    browser.post(reverse(f"{WORDS}:add"), words())
    message = MessageTemplate.objects.get()
    edit = reverse(f"{WORDS}:edit", args=[message.pk])
    browser.post(edit, words(body="Autre.", version=message.version))

    compared = browser.get(reverse(f"{WORDS}:versions", args=[message.pk]) + "?v=1")
    browser.post(reverse(f"{WORDS}:versions", args=[message.pk]), {"number": "1"})

    message.refresh_from_db()
    assert "Autre." in compared.content.decode()
    assert (message.body, message.versions.count()) == ("Facture {{ numero }} : {{ montant }}.", 3)


@pytest.mark.parametrize(
    "wrong", [{"body": "{{ secret }}"}, {"about": ""}, {"kind": "mail"}, {"name": ""}]
)
def test_words_that_would_leave_a_hole_are_not_kept(owner_staff, client_of, wrong):
    page = client_of(owner_staff).post(reverse(f"{WORDS}:add"), words(**wrong))

    assert page.status_code == 200
    assert not MessageTemplate.objects.exists()


def test_a_template_is_seen_on_a_real_invoice_and_tried_on_oneself(
    owner_staff, client_of, invoice, team
):
    message = MessageTemplate.objects.create(
        kind="mail",
        name="Relance",
        about="invoice_unpaid",
        subject="{{ numero }}",
        body="{{ nom }}",
    )
    browser, address = client_of(owner_staff), reverse(f"{WORDS}:essai", args=[message.pk])

    page = browser.get(f"{address}?sur=invoice:{invoice.pk}")
    browser.post(address, {"sample": f"invoice:{invoice.pk}"})

    assert invoice.number in page.content.decode()
    mail = OutgoingMail.objects.get()
    assert (mail.recipients, invoice.number in mail.subject) == ([owner_staff.email], True)


# --- Letters ------------------------------------------------------------------------------------

CLIENTS = "wagtailsnippets_accounts_client"


def test_a_letter_goes_once_to_each_chosen_person_and_to_nobody_else(
    owner_staff, client_of, acme, acme_owner, team
):
    Contact.objects.create(client=acme, name="Moussa", email="moussa@acme.test")
    letter = {
        "to": ["moussa@acme.test"],
        "subject": "{{ client }}",
        "body": "Bonjour {{ nom }}.",
        "key": "1",
    }
    browser, address = client_of(owner_staff), reverse(f"{CLIENTS}:ecrire", args=[acme.pk])

    browser.post(address, letter)
    browser.post(address, letter)
    browser.post(address, {**letter, "to": ["autre@ailleurs.test"], "key": "2"})

    mail = OutgoingMail.objects.get()
    assert (mail.recipients, mail.subject) == (["moussa@acme.test"], acme.name)
    assert "Bonjour Moussa." in mail.text


# --- Look ---------------------------------------------------------------------------------------


def picture(name="logo.png", size=(200, 60)):
    stream = io.BytesIO()
    Picture.new("RGB", size, "#ff0000").save(stream, "PNG")
    return SimpleUploadedFile(name, stream.getvalue(), "image/png")


def test_an_owner_chooses_a_colour_and_logos_then_goes_back(owner_staff, client_of, company):
    browser = client_of(owner_staff)

    browser.post(reverse("look"), {"accent": "#00aa88", "logo": picture(), "logo_dark": picture()})

    company.refresh_from_db()
    sheet = browser.get(reverse("brand_admin_stylesheet")).content.decode()
    assert (company.accent_color, bool(company.logo), bool(company.logo_dark)) == (
        "#00aa88",
        True,
        True,
    )
    assert accent_tokens("#00aa88")["light"]["--brand"] in sheet
    browser.post(reverse("look"), {"origine": "1"})
    company.refresh_from_db()
    assert (company.accent_color, company.logo) == ("#1d3fff", None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"accent": "rouge"},
        {"logo": SimpleUploadedFile("logo.svg", b"<svg onload='a()'/>")},
        {"logo": SimpleUploadedFile("logo.png", b"pas une image")},
        {"logo": picture(size=(10, 10))},
    ],
)
def test_what_is_no_logo_or_no_colour_changes_nothing(owner_staff, client_of, company, wrong):
    client_of(owner_staff).post(reverse("look"), {"accent": "#00aa88", **wrong})

    company.refresh_from_db()
    assert (company.accent_color, company.logo) == ("#1d3fff", None)


def test_the_preview_says_what_a_pale_colour_becomes(owner_staff, client_of, company):
    page = client_of(owner_staff).get(reverse("look") + "?apercu=1&couleur=%23ffee00")

    kept = accent_tokens("#ffee00")["light"]["--brand"]
    assert contrast(kept, "#ffffff") >= 4.5
    assert kept in page.content.decode()


def test_a_manager_an_editor_and_a_client_change_no_look(
    manager, editor, acme_owner, client_of, company
):
    for person in (manager, editor, acme_owner):
        client_of(person).post(reverse("look"), {"accent": "#00aa88"})

    assert Company.objects.get().accent_color == "#1d3fff"


@pytest.mark.parametrize("colour", ["#ffffff", "#000000", "#ffee00", "#1d3fff"])
def test_the_back_office_takes_any_colour_made_readable(colour):
    sheet = admin_stylesheet(accent_tokens(colour))

    day = sheet.partition(".w-theme-dark")[0]
    assert "--w-color-secondary-hue" in day
    assert colour not in day or contrast(colour, "#ffffff") >= 4.5


def test_a_row_of_a_list_is_called_a_row():
    said = [gettext("1 snippet selected"), gettext("Select all snippets in listing")]

    assert said == ["1 ligne choisie", "Choisir toutes les lignes de la liste"]
