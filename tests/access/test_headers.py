"""What every answer tells a browser: what may run, be framed, be kept, be told to others."""

import re

import pytest
from django.test import Client as Browser
from django.urls import resolve

from tests.access.addresses import OF_A_CLIENT, every_address
from tests.access.test_sweep import name_of, path_of_another

ADDRESSES = every_address()
INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>|\son\w+=|\sstyle=|javascript:", re.IGNORECASE)
# Files that are the same for everybody, whoever is signed in.
SAME_FOR_ALL = (
    *(
        "sw.js",
        "manifest.webmanifest",
        "marque.css",
        "marque-gestion.css",
        "media/images/<path:path>",
    ),
    *("healthz", "readyz", "metrics", "verifier/cles.json"),
)
REFERRER_POLICIES = ("strict-origin-when-cross-origin", "same-origin", "no-referrer")


def policy(response):
    parts = response["Content-Security-Policy"].split("; ")
    return {part.split(" ", 1)[0]: part.partition(" ")[2] for part in parts}


@pytest.mark.parametrize("address", ADDRESSES, ids=name_of)
def test_signed_in_answers_say_what_browsers_may_do(address, acme_rows, acme_owner, client_of):
    of_client = OF_A_CLIENT.get(address.name)
    if of_client and not address.name.endswith(
        ("member_role", "_member", "_invitation", "data_export")
    ):
        path = address.path(of_client(acme_rows))
    else:
        path = path_of_another(address) if not of_client else "/client/profil/"

    response = client_of(acme_owner).get(path)

    rules = policy(response)
    assert "unsafe-inline" not in rules.get("script-src", "") + rules.get("default-src", "")
    assert rules["default-src"] == "'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] in REFERRER_POLICIES
    assert response["X-Frame-Options"] == "DENY"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    if address.route not in SAME_FOR_ALL:
        assert "Cookie" in response["Vary"]
        assert is_private(response)
    assert not response.has_header("Access-Control-Allow-Origin")


def is_private(response):
    kept = response["Cache-Control"]
    return "no-store" in kept and "private" in kept


@pytest.mark.parametrize("path", ["/connexion/", "/mot-de-passe/", "/aide/", "/hors-connexion/"])
def test_pages_of_visitors_run_nothing_inline(path, db):
    response = Browser().get(path)

    assert response.status_code == 200
    assert policy(response)["script-src"] == "'self'"
    assert policy(response)["style-src"] == "'self'"
    assert policy(response)["frame-ancestors"] == "'none'"
    assert INLINE.findall(response.content.decode()) == []


@pytest.mark.parametrize(
    "path",
    [
        "/client/profil/",
        "/client/profil/membres/inviter/",
        "/client/",
        "/client/a-faire/",
        "/appareils/",
        "/cles/",
        "/double-authentification/",
    ],
)
def test_pages_of_members_hold_nothing_inline(path, acme_owner, client_of):
    response = client_of(acme_owner).get(path)

    assert response.status_code == 200
    assert INLINE.findall(response.content.decode()) == []


def test_the_admin_may_be_framed_by_itself_alone(owner_staff, client_of):
    response = client_of(owner_staff).get("/admin/")

    assert policy(response)["frame-ancestors"] == "'self'"
    assert is_private(response)


# --- Foreign origins ------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/client/profil/", "/connexion/", "/deconnexion/", "/admin/"])
def test_a_form_from_elsewhere_is_refused(path, acme_owner, client_of):
    browser = client_of(acme_owner, enforce_csrf_checks=True)
    token = browser.get("/client/profil/").cookies["csrftoken"].value

    response = browser.post(
        path,
        {"first_name": "Volé", "last_name": "Volé", "csrfmiddlewaretoken": token},
        headers={"Origin": "https://mechant.test"},
    )

    acme_owner.refresh_from_db()
    assert response.status_code == 403
    assert acme_owner.first_name == "Awa"


def test_a_form_without_its_token_is_refused_in_french(acme_owner, client_of):
    browser = client_of(acme_owner, enforce_csrf_checks=True)

    response = browser.post("/client/profil/", {"first_name": "Volé"})

    assert response.status_code == 403
    assert "Ce formulaire a expiré" in response.content.decode()


def test_a_form_of_our_own_passes(acme_owner, client_of):
    browser = client_of(acme_owner, enforce_csrf_checks=True)
    token = browser.get("/client/profil/").cookies["csrftoken"].value

    response = browser.post(
        "/client/profil/theme/",
        {"theme": "dark", "csrfmiddlewaretoken": token},
        headers={"Origin": "http://testserver"},
    )

    assert response.status_code == 302


@pytest.mark.parametrize("path", ["/api/v1/projects/", "/client/", "/connexion/"])
def test_no_other_site_reads_our_answers(path, acme_owner, client_of):
    response = client_of(acme_owner).options(
        path,
        headers={
            "Origin": "https://mechant.test",
            "Access-Control-Request-Method": "GET",
        },
    )

    assert [name for name in response.headers if name.startswith("Access-Control")] == []


# Providers call the first two; the third is where they send the payer back, by a POST of their
# page, and it decides nothing. The fourth hands over the file of a link to whoever holds it, from a
# page without referrer. Then what a mail reader posts to stop a kind of mail, signed in its
# address, and what a mail provider posts, signed with the secret of the mailbox. The API asks the
# token of its sessions by itself, see below.
WITHOUT_TOKEN = {
    "payments:webhook",
    "payments:webhook_short",
    "payments:return",
    "shared_document",
    "stop_mail",
    "inbox:incoming",
}
ANY = {"token": "00000000-0000-0000-0000-000000000000"}


def test_only_what_providers_call_goes_without_a_token(db):
    free = {
        address.name
        for address in ADDRESSES
        if address.name and not address.route.startswith(("api/v1/", "api/schema/"))
        if getattr(resolve(path_or_own(address)).func, "csrf_exempt", False)
    }

    assert free == WITHOUT_TOKEN


def path_or_own(address):
    if address.name in OF_A_CLIENT:
        return address.path({name: ANY.get(name, 1) for name in address.arguments})
    return path_of_another(address)


@pytest.mark.parametrize("path", ["/api/v1/invoices/FAC-2026-0001/pay/"])
def test_the_api_asks_the_token_of_a_session_too(path, acme_rows, acme_owner, client_of):
    response = client_of(acme_owner, enforce_csrf_checks=True).post(path)

    assert response.status_code == 403
