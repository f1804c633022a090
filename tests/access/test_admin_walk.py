"""Who opens what: every address of the back-office, as each kind of person.

The answers are in admin_matrix.json, one line per address, reviewed like code. After adding a
screen, write it again and read the difference:

    NOURX_WRITE_MATRIX=1 pytest tests/access/test_admin_walk.py && git diff tests/access
"""

import json
import os
from pathlib import Path

import pytest
from django.test import Client as Browser
from django.utils import timezone

from core import rls
from core.accounts.models import User
from nourx_site.demo.world import make_demo
from tests.access.admin_addresses import admin_addresses

MATRIX = Path(__file__).with_name("admin_matrix.json")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PEOPLE = {
    "owner": "direction@nourx.test",
    "manager": "gestion@nourx.test",
    "editor": "redaction@nourx.test",
    "member": "aminata@akwaba.test",
    "nobody": None,
}
NOT_WALKED = ("admin/logout/", "admin/failwhale/")  # the latter breaks on purpose, for developers
WITHOUT_A_SECRET = {"admin/jsi18n/", "admin/sprite/"}  # words and drawings of the interface


@pytest.fixture
def demo(db):
    make_demo(timezone.now())


def browser_of(email):
    browser = Browser(raise_request_exception=False)
    if email:
        browser.force_login(User.objects.get(email=email), backend=BACKEND)
    return browser


def answer_of(browser, path):
    """Say in a word how an address answers."""
    response = browser.get(path)
    if response.status_code in (301, 302):
        return word_of_redirect(response.url)
    words = {200: "open", 202: "open", 403: "refused", 404: "absent", 405: "post-only"}
    return words.get(response.status_code, str(response.status_code))


def word_of_redirect(url):
    if url.startswith("/connexion/"):
        return "sign-in"
    return "refused" if url in ("/admin/", "/client/", "/espace/") else "moved"


def walk():
    """Return every address with the answer each kind of person gets there."""
    with rls.staff("test: rows to open addresses on"):
        addresses = admin_addresses()
    found = {address.route: {} for address in addresses}
    for who, email in PEOPLE.items():
        browser = browser_of(email)
        for address in addresses:
            if address.route not in NOT_WALKED:
                found[address.route][who] = answer_of(browser, address.path)
    return {route: " ".join(answers.values()) for route, answers in found.items()}


def test_every_address_answers_each_person_as_written(demo):
    found = walk()
    if os.environ.get("NOURX_WRITE_MATRIX"):
        MATRIX.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")

    written = json.loads(MATRIX.read_text())

    assert found == written


def test_no_address_breaks_nor_opens_to_outsiders():
    written = json.loads(MATRIX.read_text())

    opened = {
        route: answers
        for route, answers in written.items()
        if route not in WITHOUT_A_SECRET | set(NOT_WALKED)
        and not set(answers.split()[3:]) <= {"refused", "sign-in", "moved", "absent"}
    }
    broken = {route: words for route, words in written.items() if "500" in words.split()}

    assert opened == {}
    assert broken == {}
