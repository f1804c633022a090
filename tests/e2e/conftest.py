"""A real browser in front of the live site, CinetPay's sandbox, and a worker that keeps up."""

import os
import subprocess
import sys
import threading
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection, connections
from django.utils import timezone
from playwright.sync_api import Page, expect, sync_playwright

from billing.payments.sandbox.clock import RealClock
from billing.payments.sandbox.notifications import Outbox
from billing.payments.sandbox.server import SandboxServer
from billing.payments.sandbox.state import Sandbox
from billing.payments.tasks import drain_inbox
from core.outbox import services as outbox
from nourx_site.local.docs import FLAGS
from nourx_site.local.machine import free_port_from
from nourx_site.local.prepare import find_browser
from tests.conftest import PASSWORD

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
SLOWEST = 20_000  # milliseconds; a loaded machine is slow, not wrong


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/e2e/" in item.nodeid:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="module")
def chromium():
    """A Chromium for the tests of a file. In CI a missing one is a failure."""
    path = find_browser()
    if path is None:
        assert os.environ.get("CI") != "true", "CI=true and no Chromium on this machine"
        pytest.skip("no Chromium on this machine: the browser tests did not run")
    expect.set_options(timeout=SLOWEST)
    # Playwright keeps an event loop in this thread, which Django takes for an async view.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Worker(threading.Thread):
    """Does what Celery does: the inbox of notifications, then what is owed."""

    def __init__(self):
        super().__init__(name="worker", daemon=True)
        self.ending = threading.Event()
        self.failure = None

    def run(self):
        try:
            while not self.ending.wait(0.1):
                drain_inbox()
                for work_id in outbox.due(timezone.now()):
                    outbox.do(work_id, at=timezone.now())
        except BaseException as failure:
            self.failure = failure
            raise
        finally:
            connections.close_all()

    def end(self):
        self.ending.set()
        self.join()
        assert self.failure is None


@pytest.fixture
def site(live_server, settings):
    """The live site with CinetPay and a worker behind it; returns its address."""
    settings.BASE_URL = live_server.url
    clock = RealClock()
    with SandboxServer(Sandbox(clock=clock, outbox=Outbox(clock))) as cinetpay:
        settings.CINETPAY_BASE_URL = cinetpay.url
        worker = Worker()
        worker.start()
        yield live_server.url
        worker.end()


@pytest.fixture
def streaming_site(live_server, settings, tmp_path):
    """The site as it is served: by the ASGI server, with its stream, on the database of the test.

    Its processes read the settings, so that a test cannot change them; returns its address.
    """
    port = free_port_from(18_500)
    log = (tmp_path / "web.log").open("wb")
    server = subprocess.Popen(
        [
            *[sys.executable, "-m", "gunicorn", "nourx_site.asgi:application"],
            *["--worker-class", "asgi", "--bind", f"127.0.0.1:{port}"],
            *["--no-control-socket", "--graceful-timeout", "1"],
        ],
        cwd=settings.BASE_DIR,
        env={**os.environ, **environment_of_test(settings)},
        stdout=log,
        stderr=log,
    )
    yield wait_until_it_answers(f"http://127.0.0.1:{port}", server, log.name)
    server.terminate()
    server.wait(20)
    log.close()


def environment_of_test(settings):
    """Return the variables that lead a process to the database of this test, as the web role."""
    at = connection.settings_dict
    host = at["HOST"] or at["OPTIONS"]["host"]
    url = f"postgresql://{at['USER']}:{at['PASSWORD']}@/{at['NAME']}?host={quote(host)}"
    return {
        "DATABASE_URL": url,
        "APP_DATABASE_URL": url,
        "TEST_DATABASE_NAME": at["NAME"],
        "REDIS_URL": settings.REDIS_URL,
        "TEST_SERVES_STATIC": "true",
        "TEST_PRIVATE_DIR": str(settings.STORAGES["private"]["OPTIONS"]["location"]),
    }


def wait_until_it_answers(address, server, log):
    """Return the address once the site is alive."""
    end = time.monotonic() + SLOWEST / 1000
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=1)
        except OSError:
            threading.Event().wait(0.1)
        else:
            return address
    raise AssertionError(f"the site did not start: {Path(log).read_text()[-2000:]}")


@dataclass
class Person:
    """Somebody in front of a page."""

    page: Page

    def sign_in(self, email, password=PASSWORD):
        """Fill the sign-in form that shows, and send it."""
        self.page.get_by_label("Adresse e-mail").fill(email)
        self.page.get_by_label("Mot de passe", exact=True).fill(password)
        self.page.get_by_role("button", name="Se connecter").click()

    def pay_on_the_phone(self, number="07 07 07 07 00"):
        """Choose MTN on the invoice, then pay on CinetPay's page."""
        self.page.get_by_label("MTN").check()
        self.page.get_by_role("button", name="Payer").click()
        self.page.get_by_label("Numéro de téléphone").fill(number)
        self.page.get_by_role("button", name="Payer").click()
        expect(self.page.get_by_role("heading", name="Paiement accepté")).to_be_visible()


@pytest.fixture
def person(chromium, site):
    """Return a function that opens a browser of some size for somebody."""
    opened = []

    def arrive(screen=PHONE, *, scripts=True):
        context = chromium.new_context(
            base_url=site,
            viewport=screen,
            java_script_enabled=scripts,
            locale="fr-FR",
            timezone_id="Africa/Abidjan",
            reduced_motion="reduce",
        )
        context.set_default_timeout(SLOWEST)
        opened.append(context)
        return Person(context.new_page())

    yield arrive
    for context in opened:
        context.close()
