"""Joining files to a message: on a link that drops, in a page that is closed, by the keyboard."""

import pytest
from django.core.files.storage import storages
from playwright.sync_api import expect

from core import rls
from core.files.models import StoredFile
from core.files.services import read_file
from tests.core.files.conftest import on_s3, s3  # noqa: F401  fixtures
from tests.core.files.samples import PROGRAM

pytestmark = pytest.mark.django_db(transaction=True)
HEAD, TAIL = b"%PDF-1.7\n", b"\n%%EOF\n"
PIECE = 256 * 1024  # the first one; see transfers.js
BIG = HEAD + bytes(range(1, 10)) * (PIECE // 3) + TAIL


@pytest.fixture(autouse=True)
def private_folder(settings, tmp_path):
    """Keep private files in a folder of the test."""
    disk = settings.STORAGES["private"]
    options = {**disk["OPTIONS"], "location": tmp_path / "private"}
    settings.STORAGES = {**settings.STORAGES, "private": {**disk, "OPTIONS": options}}


@pytest.fixture
def writing(person, acme_owner):
    """Somebody in front of the form of a new request."""
    one = person()
    one.page.goto("/client/support/nouveau/")
    one.sign_in(acme_owner.email)
    one.page.get_by_label("Sujet").fill("Le logo")
    one.page.get_by_label("Message").or_(one.page.locator("textarea")).first.fill("Le voici.")
    return one.page


def choose(page, *files):
    page.get_by_label("Choisir des fichiers").set_input_files(
        [
            {"name": name, "mimeType": "application/pdf", "buffer": content}
            for name, content in files
        ]
    )


def cut_after_the_first_piece(page):
    """Take the network away once a first piece has arrived; return how many pieces went out."""
    context, sent = page.context, []

    def on_piece(route):
        sent.append(int(route.request.headers["upload-offset"]))
        if len(sent) == 2:
            context.set_offline(True)
        route.continue_()

    page.route(
        "**/client/fichiers/*/",
        lambda route: on_piece(route) if route.request.method == "PATCH" else route.continue_(),
    )
    return sent


class Pieces:
    """The pieces that leave a page: the first goes through, the others while they are not lost."""

    def __init__(self):
        self.sent, self.is_lost = [], True

    def on_request(self, route):
        if route.request.method != "PATCH":
            return route.continue_()
        offset = int(route.request.headers["upload-offset"])
        if self.is_lost and offset:
            return route.abort("connectionreset")
        self.sent.append(offset)
        return route.continue_()


def lose_all_after_the_first_piece(page):
    pieces = Pieces()
    page.route("**/client/fichiers/*/", pieces.on_request)
    return pieces


def kept_files():
    with rls.staff("test"):
        return {file.name: read_file(file.pk)[1] for file in StoredFile.objects.all()}


def test_a_file_arrives_whole_although_the_network_drops(writing):
    sent = cut_after_the_first_piece(writing)

    choose(writing, ("plan.pdf", BIG))
    expect(
        writing.get_by_text("Connexion perdue : l’envoi reprendra tout seul").first
    ).to_be_visible()
    writing.context.set_offline(False)

    expect(writing.get_by_text("Prêt à être joint")).to_be_visible()
    assert sent[0] == 0
    assert PIECE in sent[1:]
    assert sent.count(0) == 1
    assert kept_files() == {"plan.pdf": BIG}


def test_a_message_sent_too_early_leaves_with_its_file(writing, acme):
    cut_after_the_first_piece(writing)
    choose(writing, ("plan.pdf", BIG))
    expect(
        writing.get_by_text("Connexion perdue : l’envoi reprendra tout seul").first
    ).to_be_visible()

    writing.get_by_role("button", name="Envoyer").click()
    writing.context.set_offline(False)

    expect(writing.get_by_role("heading", name="Le logo")).to_be_visible()
    expect(writing.get_by_role("link", name="plan.pdf").first).to_be_visible()


def test_a_closed_page_goes_on_where_it_was(writing, tmp_path):
    plan = tmp_path / "plan.pdf"
    plan.write_bytes(BIG)
    pieces = lose_all_after_the_first_piece(writing)
    writing.get_by_label("Choisir des fichiers").set_input_files(plan)
    expect(
        writing.get_by_text("Connexion perdue : l’envoi reprendra tout seul").first
    ).to_be_visible()
    writing.reload()
    expect(writing.get_by_text("Interrompu à 33\xa0%")).to_be_visible()

    pieces.is_lost = False
    writing.get_by_label("Choisir des fichiers").set_input_files(plan)

    expect(writing.get_by_text("Prêt à être joint")).to_be_visible()
    assert pieces.sent[:2] == [0, PIECE]
    assert kept_files() == {"plan.pdf": BIG}
    writing.reload()
    expect(writing.get_by_text("Prêt à être joint")).to_be_visible()


def test_a_refused_file_says_why_and_the_others_go_on(writing):
    choose(writing, ("setup.pdf", PROGRAM), ("plan.pdf", BIG))

    expect(
        writing.get_by_text("Le contenu de ce fichier ne correspond pas à son nom.").first
    ).to_be_visible()
    expect(writing.get_by_text("Prêt à être joint")).to_be_visible()
    writing.get_by_role("button", name="Retirer setup.pdf").press("Enter")
    expect(writing.get_by_role("button", name="Retirer setup.pdf")).to_have_count(0)
    assert kept_files() == {"plan.pdf": BIG}


@pytest.fixture
def bucket(on_s3, settings):  # noqa: F811  the fixture above
    """A bucket that browsers may post to from our pages."""
    settings.S3_ORIGIN = on_s3
    store = storages["private"]
    rule = {"AllowedOrigins": ["*"], "AllowedMethods": ["POST", "GET"], "AllowedHeaders": ["*"]}
    store.connection.meta.client.put_bucket_cors(
        Bucket=store.bucket_name, CORSConfiguration={"CORSRules": [rule]}
    )


def test_with_a_bucket_the_browser_posts_straight_to_it(bucket, writing):
    posted = []
    writing.on("request", lambda request: posted.append((request.method, request.url)))

    choose(writing, ("plan.pdf", BIG))

    expect(writing.get_by_text("Prêt à être joint")).to_be_visible()
    assert [url for method, url in posted if method == "POST" and "nourx-private" in url]
    assert not [url for method, url in posted if method == "PATCH"]
    assert kept_files() == {"plan.pdf": BIG}


def test_without_a_script_files_leave_with_the_form(person, acme_owner):
    one = person(scripts=False)
    one.page.goto("/client/support/nouveau/")
    one.sign_in(acme_owner.email)
    one.page.get_by_label("Sujet").fill("Le logo")
    one.page.locator("textarea").first.fill("Le voici.")

    choose(one.page, ("plan.pdf", BIG))
    one.page.get_by_role("button", name="Envoyer").click()

    expect(one.page.get_by_role("link", name="plan.pdf").first).to_be_visible()
    assert kept_files() == {"plan.pdf": BIG}
