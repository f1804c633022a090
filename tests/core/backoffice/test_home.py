"""The home page and the menu of the back-office."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext


def menu_of(browser):
    """Return the names of the entries in the menu of somebody, top to bottom."""
    page = browser.get("/admin/").content.decode()
    props = re.search(r'id="wagtail-sidebar-props"[^>]*>(.*?)</script>', page, re.DOTALL)
    found = json.loads(props.group(1))["modules"]
    menu = next(module for module in found if module["_type"].endswith("MainMenuModule"))
    return [item["_args"][0]["name"] for item in menu["_args"][0]]


def test_the_home_page_asks_few_questions(as_manager):
    as_manager.get("/admin/")

    with CaptureQueriesContext(connection) as queries:
        page = as_manager.get("/admin/")

    assert page.status_code == 200
    assert len(queries) <= 25


def test_the_home_page_greets_the_person(as_manager, manager):
    assert f"Bonjour {manager.first_name}" in as_manager.get("/admin/").content.decode()


def test_a_manager_sees_the_work_and_no_account(as_manager):
    names = menu_of(as_manager)

    assert "nourx-commercial" in names
    assert "help" not in names
    assert "reports" not in names


@pytest.mark.parametrize("hidden", ["nourx-commercial", "nourx-facturation", "nourx-projets"])
def test_an_editor_sees_no_business_screen(hidden, as_editor):
    assert hidden not in menu_of(as_editor)
