"""Components that are easy to get wrong: fields, pages, navigation, errors."""

import re

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory

from core.hooks import NavEntry


class PhoneForm(forms.Form):
    phone = forms.CharField(label="Téléphone", help_text="Dix chiffres.", min_length=10)
    password = forms.CharField(label="Mot de passe", widget=forms.PasswordInput, required=False)
    operator = forms.ChoiceField(
        label="Moyen", widget=forms.RadioSelect, choices=[("om", "Orange Money")], required=False
    )


def component(name, **context):
    return render_to_string(f"components/{name}.html", context)


def test_a_field_with_an_error_is_described_by_its_hint_and_error():
    html = component("field", field=PhoneForm({"phone": "07 12"})["phone"])

    control = re.search(r"<input[^>]*>", html).group()
    assert 'aria-invalid="true"' in control
    assert 'aria-describedby="id_phone_helptext id_phone_error"' in control
    assert '<div class="hint" id="id_phone_helptext">' in html
    assert '<div class="errors" id="id_phone_error">' in html


def test_a_field_has_a_label_and_our_look():
    html = component("field", field=PhoneForm()["phone"])

    assert '<label class="label" for="id_phone">Téléphone</label>' in html
    assert 'class="input"' in html
    assert "aria-invalid" not in html


def test_a_field_one_may_leave_empty_says_so():
    html = component("field", field=PhoneForm()["password"])

    assert "(facultatif)" in html


def test_a_password_can_be_shown_only_with_javascript():
    html = component("field", field=PhoneForm()["password"])

    assert re.search(r'<button type="button" data-reveal[^>]* hidden>', html)


def test_choices_are_a_fieldset_with_a_legend():
    html = component("field", field=PhoneForm()["operator"])

    assert html.count("<fieldset") == 1
    assert '<legend class="label">Moyen</legend>' in html
    assert '<span class="grow">Orange Money</span>' in html


def test_a_refused_form_names_its_fields_once_at_its_head():
    html = component("form_errors", form=PhoneForm({"phone": ""}))

    assert '<a href="#id_phone">Téléphone</a>' in html
    assert 'role="alert"' in html


def test_a_form_without_errors_has_no_summary():
    assert component("form_errors", form=PhoneForm()).strip() == ""


def test_the_next_page_keeps_the_filters():
    request = RequestFactory().get("/client/factures/", {"statut": "payee", "page": "1"})
    page = Paginator(range(60), 25).page(1)

    html = component("pagination", page=page, request=request)

    assert 'href="?statut=payee&amp;page=2"' in html
    assert 'rel="prev"' not in html


def test_one_page_needs_no_pagination():
    page = Paginator(range(3), 25).page(1)

    assert component("pagination", page=page, request=RequestFactory().get("/")).strip() == ""


def test_a_message_of_failure_interrupts_and_another_waits():
    class Message:
        def __init__(self, tags):
            self.tags = tags

        def __str__(self):
            return self.tags

    html = component("messages", messages=[Message("error"), Message("success")])

    assert '<div class="alert" data-tone="bad" role="alert">' in html
    assert '<div class="alert" data-tone="ok" role="status">' in html


def entries(number):
    keys = ["home", "projects", "tasks", "invoices", "documents", "support"][:number]
    return [NavEntry(key, key.title(), f"/{key}/", "home", order) for order, key in enumerate(keys)]


def test_a_phone_has_four_tabs_and_a_sheet_with_the_rest():
    html = component("bottom_bar", items=entries(6), current="tasks", csrf_token="x")

    tabs, sheet = html.split("<details")
    assert re.findall(r'href="(/\w+/)"', tabs) == ["/home/", "/projects/", "/tasks/", "/invoices/"]
    assert re.findall(r'href="(/\w+/)"', sheet) == ["/documents/", "/support/"]
    assert tabs.count('aria-current="page"') == 1


def test_the_portal_page_stands_without_any_context():
    html = render_to_string("base.html")

    assert '<main class="main" id="contenu"' in html
    assert "bottombar" not in html


@pytest.mark.parametrize("name", ["404.html", "403.html", "500.html", "offline.html"])
def test_a_page_of_trouble_needs_no_context(name):
    html = render_to_string(name)

    assert html.count("<h1>") == 1
    assert "Référence" not in html


def test_a_failure_gives_the_number_to_quote():
    assert "A1B2C3D4" in render_to_string("500.html", {"request_id": "A1B2C3D4"})


def test_a_text_of_a_client_is_escaped():
    html = component("link_row", url="/x/", title="<script>alert(1)</script>")

    assert "&lt;script&gt;" in html
    assert "<script>" not in html


def test_the_theme_of_the_profile_is_set_by_the_server():
    class Person:
        is_authenticated = True
        theme = "dark"

        def __str__(self):
            return "Aminata Koné"

    request = RequestFactory().get("/client/")
    request.user = Person()

    assert 'data-theme="dark"' in render_to_string("base.html", {"request": request})
