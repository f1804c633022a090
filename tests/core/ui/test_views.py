"""The pages of the site itself."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

pytestmark = pytest.mark.django_db


def person(**fields):
    return get_user_model().objects.create_user("awa@nourx.test", "a-long-password", **fields)


def test_the_style_guide_is_for_the_team(client):
    client.force_login(person(is_staff=True))

    response = client.get(reverse("ui:styleguide"))

    assert response.status_code == 200
    assert "Chaque composant une fois" in response.content.decode()


def test_the_style_guide_does_not_exist_for_others(client):
    assert client.get(reverse("ui:styleguide")).status_code == 404

    client.force_login(person())

    assert client.get(reverse("ui:styleguide")).status_code == 404


def test_the_service_worker_keeps_the_offline_page_and_nothing_of_a_client(client):
    response = client.get("/sw.js")

    kept = re.search(r"KEPT = \[(.*?)\]", response.content.decode()).group(1)
    assert response["Content-Type"].startswith("text/javascript")
    assert re.findall(r'"([^"]+)"', kept)[0].replace("\\u002D", "-") == "/hors-connexion/"
    assert "/client/" not in kept


def test_the_offline_page_needs_no_sign_in(client):
    response = client.get("/hors-connexion/")

    assert response.status_code == 200
    assert "Vous êtes hors connexion" in response.content.decode()


def test_an_address_that_does_not_exist_gives_a_number_to_quote(client):
    response = client.get("/client/rien-du-tout/")

    assert response.status_code == 404
    assert response["X-Request-ID"] in response.content.decode()


def test_a_form_from_elsewhere_is_refused_with_what_to_do(client):
    client.handler.enforce_csrf_checks = True

    response = client.post("/connexion/", {"login": "a@b.ci", "password": "x"})

    assert response.status_code == 403
    assert "Ce formulaire a expiré" in response.content.decode()
