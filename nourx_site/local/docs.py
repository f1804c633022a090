"""`make docs`: take the guides' pictures again, from the demo, with a real browser.

    .venv/bin/python -m nourx_site.local.docs [names of pictures]

They go to `docs/images/`, always under the same names.
"""

import io
import os
import signal
import sys
from collections.abc import Iterable
from datetime import date
from itertools import groupby
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from nourx_site.local.console import CannotStart, run_command, say
from nourx_site.local.pictures import CLIENT, DESKTOP, PHONE, TEAM, Picture, pictures
from nourx_site.local.places import ROOT
from nourx_site.local.prepare import find_browser
from nourx_site.local.throwaway import serving, stage

IMAGES = ROOT / "docs" / "images"
PASSWORD = "nourx-demo"  # noqa: S105  the demo's
LARGEST = 150_000  # bytes
HEIGHTS = {PHONE: 844, DESKTOP: 800}
FLAGS = [
    "--no-sandbox",  # a sandbox needs another user than root
    "--disable-gpu",
    "--no-first-run",
    "--disable-sync",
    "--disable-component-update",
    "--disable-background-networking",
]
PATIENCE = 180_000  # milliseconds: the worker first draws every paper of the demo
OTHER_CLIENT = "yao@lagune.test"
WITH_ANOMALY = ("equipe-anomalies", "equipe-tentatives")
PAYING = ("paiement-choix", "paiement-attente", "paiement-recu")


def main() -> int:
    """Take every picture, or those named; return 1 if one weighs too much."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.default_int_handler)
    browser_path = find_browser()
    if browser_path is None:
        raise CannotStart("Chromium manque : installez le paquet « chromium ».")
    IMAGES.mkdir(exist_ok=True)
    with stage(os.environ) as ready, serving(ready), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=FLAGS)
        taken = take_all(browser, ready.address, date.today().year, set(sys.argv[1:]))
        browser.close()
    heavy = [path.name for path in taken if path.stat().st_size > LARGEST]
    say(f"{len(taken)} images dans {IMAGES.relative_to(ROOT)}.")
    if heavy:
        say(f"Trop lourdes : {', '.join(heavy)}")
    return 1 if heavy else 0


def take_all(browser: Browser, address: str, year: int, wanted: set[str]) -> list[Path]:
    """Take the wanted pictures, or all of them: what clients see, their payments, the team.

    One payment goes well; another, of which CinetPay took too little, leaves an anomaly.
    """
    shots = [shot for shot in pictures(year) if not wanted or shot.name in wanted]
    taken = take(browser, address, [shot for shot in shots if shot.person != TEAM])
    if not wanted or wanted & set(PAYING):
        taken += take_payment(browser, address, f"FAC-{year}-0042")
    if not wanted or wanted & set(WITH_ANOMALY):
        pay_too_little(browser, address, f"FAC-{year}-0044")
    return taken + take(browser, address, [shot for shot in shots if shot.person == TEAM])


def take(browser: Browser, address: str, shots: Iterable[Picture]) -> list[Path]:
    """Take pictures; each person signs in once per screen."""
    by_screen = sorted(shots, key=lambda shot: (shot.person, shot.width))
    taken = []
    for (person, width), group in groupby(by_screen, key=lambda shot: (shot.person, shot.width)):
        page = open_page(browser, address, width)
        if person:
            sign_in(page, person)
        for shot in group:
            page.goto(shot.path)
            for words in shot.follow:
                page.locator("main a, header a", has_text=words).first.click()
            taken.append(keep(page, shot.file_name))
        page.context.close()
    return taken


def take_payment(browser: Browser, address: str, number: str) -> list[Path]:
    """Pay an invoice on a phone, taking a picture of each step."""
    page = open_page(browser, address, PHONE)
    sign_in(page, CLIENT)
    open_checkout(page, number)
    page.get_by_label("Numéro de téléphone").fill("07 07 07 07 01")
    taken = [keep(page, "paiement-choix-mobile.png")]
    page.get_by_role("button", name="Payer").click()
    page.goto(f"/client/factures/{number}/")
    page.get_by_role("link", name="Où en est-il ?").first.click()
    taken.append(keep(page, "paiement-attente-mobile.png"))
    expect(page.get_by_role("link", name="Reçu REC")).to_be_visible(timeout=PATIENCE)
    taken.append(keep(page, "paiement-recu-mobile.png"))
    page.context.close()
    return taken


def pay_too_little(browser: Browser, address: str, number: str) -> None:
    """Have CinetPay take less than the amount of an invoice, and our side notice."""
    page = open_page(browser, address, PHONE)
    sign_in(page, OTHER_CLIENT)
    open_checkout(page, number)
    page.get_by_label("Numéro de téléphone").fill("07 07 07 07 14")
    page.get_by_role("button", name="Payer").click()
    noticed = page.get_by_role("heading", name="Paiement en cours de vérification")
    expect(noticed).to_be_visible(timeout=PATIENCE)
    page.context.close()


def open_checkout(page: Page, number: str) -> None:
    """Go from an invoice to the page where it is paid."""
    page.goto(f"/client/factures/{number}/payer/")
    page.get_by_label("Orange Money").check()
    page.get_by_role("button", name="Payer").click()


def open_page(browser: Browser, address: str, width: int) -> Page:
    """Return a page as wide as a phone or a screen, that holds still."""
    context = browser.new_context(
        base_url=address,
        viewport={"width": width, "height": HEIGHTS[width]},
        device_scale_factor=2 if width == PHONE else 1,
        is_mobile=width == PHONE,
        locale="fr-FR",
        timezone_id="Africa/Abidjan",
        color_scheme="light",
        reduced_motion="reduce",
    )
    return context.new_page()


def sign_in(page: Page, person: str) -> None:
    """Sign in as somebody of the demo."""
    page.goto("/connexion/")
    page.get_by_label("Adresse e-mail").fill(person)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url("**/admin/" if person == TEAM else "**/client/")


def keep(page: Page, name: str) -> Path:
    """Take the picture of what shows, and keep it light."""
    page.wait_for_load_state("networkidle")
    expect(page.get_by_text("PDF en préparation")).to_have_count(0, timeout=PATIENCE)
    path = IMAGES / name
    path.write_bytes(lighten(page.screenshot(animations="disabled")))
    say(f"  {name} ({path.stat().st_size // 1000} kB)")
    return path


def lighten(picture: bytes) -> bytes:
    """Return a PNG with 256 colours at most: screens of text lose nothing to the eye."""
    with Image.open(io.BytesIO(picture)) as image:
        few = image.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    light = io.BytesIO()
    few.save(light, "PNG", optimize=True)
    return light.getvalue()


if __name__ == "__main__":
    sys.exit(run_command(main))
