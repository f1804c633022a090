"""How every page looks: within its screen, sound, and readable by everybody, dark or light."""

from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.e2e.conftest import DESKTOP, PHONE
from tests.e2e.looks_world import fill_world, pages_of, pages_of_nobody

pytestmark = pytest.mark.django_db(transaction=True)
SMALLEST = {"width": 320, "height": 640}
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERYTHING = {"runOnly": {"type": "tag", "values": LEVELS}, "resultTypes": ["violations"]}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
# The live server has no stream: pages look for themselves, as they do for who saves their data.
SAVE_DATA = "Object.defineProperty(navigator, 'connection', { value: { saveData: true } })"
SETTLED = """async () => {
  for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
  await Promise.allSettled(document.getAnimations().map((each) => each.finished));
}"""
TOO_WIDE = """() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return "";
  const wide = [...document.body.querySelectorAll("*")].filter(
    (each) => each.getBoundingClientRect().right > clientWidth + 1,
  );
  return `${scrollWidth} px in ${clientWidth}: ${wide.at(-1)?.outerHTML.slice(0, 120)}`;
}"""


@pytest.fixture(autouse=True)
def private_folder(settings, tmp_path):
    """Keep private files in a folder of the test."""
    disk = settings.STORAGES["private"]
    options = {**disk["OPTIONS"], "location": tmp_path / "private"}
    settings.STORAGES = {**settings.STORAGES, "private": {**disk, "OPTIONS": options}}


@pytest.fixture
def payable(acme, make_invoice):
    """An invoice of Acme that waits for its money."""
    return make_invoice(acme, "FAC-2026-0902", net=12_345_678, vat=2_222_222)


@pytest.fixture
def rows(acme, acme_owner, manager, payable):
    return fill_world(acme, acme_owner, manager)


@contextmanager
def listening(page):
    """Collect what the browser complains of while a page opens."""
    heard = []
    notes = {
        "console": lambda note: heard.append(note.text) if note.type == "error" else None,
        "pageerror": lambda error: heard.append(str(error)),
        "requestfailed": lambda request: heard.append(f"{request.failure} {request.url}"),
    }
    for event, note in notes.items():
        page.on(event, note)
    yield heard
    for event, note in notes.items():
        page.remove_listener(event, note)


def troubles_of(page, address):
    """Open a page; return what is wrong with it, in a few words each."""
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="light")
    with listening(page) as heard:
        answer = page.goto(address)
        if answer.status != 200:
            yield f"status {answer.status}"
        if (headings := page.locator("h1").count()) != 1:
            yield f"{headings} h1"
        page.evaluate(Axe().axe_script)
        yield from found_by_axe(page, EVERYTHING, "phone")
        yield from widths(page, "light")
        yield from found_by_axe(page, EVERYTHING, "desktop")
        page.emulate_media(color_scheme="dark")
        yield from found_by_axe(page, COLOURS, "dark desktop")
        yield from widths(page, "dark")
    yield from heard


def widths(page, scheme):
    """Say at which sizes a page is wider than its screen; leave it at the largest."""
    for size in (SMALLEST, PHONE, DESKTOP):
        page.set_viewport_size(size)
        if wide := page.evaluate(TOO_WIDE):
            yield f"{scheme}: {wide}"


def found_by_axe(page, options, where):
    """Say which rules a page breaks once its colours have settled, and where first."""
    page.evaluate(SETTLED)
    for broken in page.evaluate("options => axe.run(options)", options)["violations"]:
        first = broken["nodes"][0]
        yield f"{where}: {broken['id']} {first['html'][:160]} {first['failureSummary']}"


def troubles_of_all(page, addresses):
    return [
        f"{name}: {trouble}"
        for name, address in addresses.items()
        for trouble in troubles_of(page, address)
    ]


def test_every_page_of_a_client_is_sound_at_each_size_and_in_each_theme(
    person, acme_owner, rows, payable
):
    one = person()
    one.page.add_init_script(SAVE_DATA)
    one.page.goto("/client/")
    one.sign_in(acme_owner.email)
    expect(one.page.get_by_role("heading", level=1)).to_contain_text("Bonjour")

    assert troubles_of_all(one.page, pages_of(rows, payable)) == []


def test_every_page_without_an_account_is_sound_at_each_size_and_in_each_theme(
    person, acme, manager, rows, payable
):
    one = person()
    one.page.add_init_script(SAVE_DATA)

    assert troubles_of_all(one.page, pages_of_nobody(acme, payable, manager)) == []


def test_a_theme_chosen_in_the_menu_holds_from_then_on(person, acme_owner):
    one = person(DESKTOP)
    one.page.goto("/client/")
    one.sign_in(acme_owner.email)
    root = one.page.locator("html")
    expect(one.page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")

    one.page.get_by_label("Choisir le thème").click()
    with one.page.expect_response("**/client/profil/theme/"):
        one.page.get_by_role("button", name="Sombre").click()
    expect(root).to_have_attribute("data-theme", "dark")
    expect(one.page.locator("body")).to_have_css("background-color", "rgb(10, 10, 10)")
    one.page.reload()

    expect(root).to_have_attribute("data-theme", "dark")
    acme_owner.refresh_from_db()
    assert acme_owner.theme == "dark"
