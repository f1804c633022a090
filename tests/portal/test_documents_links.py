"""Links that open one version to anybody, until they end; every other door stays shut."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from wagtail.models import ModelLogEntry

from core import rls
from core.files.models import StoredFile
from portal.documents import services
from portal.documents.models import ShareLink
from tests.portal.conftest import PDF

LIST = "/client/documents/"


def text_of(response):
    return response.content.decode()


def bytes_of(response):
    content = b"".join(response.streaming_content)
    for close in response._resource_closers:  # the file alone: `close` ends the request too
        close()
    return content


def share(browser, document, **fields):
    """Make a link as the page does; return the answer and the path it shows."""
    response = browser.post(f"{LIST}{document.pk}/partager/", {"life": "24", **fields})
    found = re.search(r'value="http[^"]*?(/partage/[\w-]+/)"', text_of(response))
    return response, found and found[1]


@pytest.fixture
def document(project, make_document):
    return make_document(project, "Charte graphique")


@pytest.fixture
def address(acme_owner, client_of, document):
    """The path of a link to Acme's document, good for a day."""
    return share(client_of(acme_owner), document)[1]


@pytest.fixture
def anybody(client_of):
    return client_of()


def link_of():
    with rls.staff("test"):
        return ShareLink.objects.select_related("version").get()


def acts():
    with rls.staff("test"):
        rows = ModelLogEntry.objects.filter(action__startswith="document_link")
        return [(row.action, row.user) for row in rows.order_by("id")]


def plain(response):
    """Return an answer without what differs at each request: its number, its token of forms."""
    return re.sub(r"[0-9A-F]{8}|[A-Za-z0-9]{64}", "", text_of(response))


def is_shut(browser, path):
    """Tell whether an address answers as one that never was, by both ways in."""
    unknown = browser.get("/partage/" + "x" * 43 + "/")
    seen, taken = browser.get(path), browser.post(path)
    answers = {(row.status_code, plain(row)) for row in (unknown, seen, taken)}
    return answers == {(404, plain(unknown))}


def test_a_link_opens_the_file_without_signing_in(acme, acme_owner, anybody, address):
    page = anybody.get(address)
    response = anybody.post(address)

    assert page.status_code == 200
    assert "cr.pdf" in text_of(page)
    assert f"{acme_owner}, {acme.name}" in text_of(page)
    assert bytes_of(response) == PDF
    assert response["Content-Disposition"] == 'attachment; filename="cr.pdf"'
    assert (link_of().opens, link_of().last_opened_at is not None) == (1, True)


def test_its_page_is_kept_and_told_nowhere(anybody, address):
    page = anybody.get(address)

    assert page["Referrer-Policy"] == "no-referrer"
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert page["Cache-Control"] == "private, no-store"


def test_its_token_is_long_and_kept_by_its_digest_alone(address):
    token = address.split("/")[2]

    assert len(token) == 43  # 256 bits
    assert token not in str(vars(link_of()))
    with rls.staff("test"):
        assert token not in str(list(ModelLogEntry.objects.values_list("data", flat=True)))


@pytest.mark.parametrize(("life", "hours"), [("1", 1), ("24", 24), ("168", 168)])
def test_it_lives_as_long_as_was_chosen(life, hours, acme_owner, client_of, document):
    share(client_of(acme_owner), document, life=life)

    link = link_of()
    assert link.ends_at - link.created_at == timedelta(hours=hours)


def test_no_other_life_may_be_chosen(acme_owner, client_of, document):
    response, address = share(client_of(acme_owner), document, life="9999")

    assert (response.status_code, address) == (422, None)
    with rls.staff("test"):
        assert not ShareLink.objects.exists()


def test_looking_uses_nothing_up_and_opening_counts(anybody, address):
    for _ in range(3):
        anybody.get(address)
    assert link_of().opens == 0

    for _ in range(2):
        bytes_of(anybody.post(address))

    assert link_of().opens == 2


def test_a_link_good_for_one_opening_is_shut_by_it(acme_owner, client_of, anybody, document):
    address = share(client_of(acme_owner), document, is_single="on")[1]
    anybody.get(address)

    assert bytes_of(anybody.post(address)) == PDF
    assert is_shut(client_of(), address)
    assert link_of().opens == 1


def test_a_link_is_shut_after_its_time(anybody, address):
    with rls.staff("test"):
        ShareLink.objects.update(ends_at=timezone.now())

    assert is_shut(anybody, address)
    assert link_of().opens == 0


def test_a_link_that_was_cut_is_shut(acme_owner, client_of, anybody, address):
    browser = client_of(acme_owner)
    done = browser.post(f"{LIST}liens/{link_of().pk}/couper/")

    assert done.status_code == 302
    assert is_shut(anybody, address)
    assert link_of().opens == 0
    assert "Couper" not in text_of(browser.get(done.url))


def test_a_link_to_a_document_that_became_ours_is_shut(anybody, document, address):
    with rls.staff("test"):
        document.visibility = "internal"
        document.save()

    assert is_shut(anybody, address)


def test_a_link_of_somebody_who_left_is_shut(acme_owner, anybody, address):
    acme_owner.is_active = False
    acme_owner.save()

    assert is_shut(anybody, address)


def test_a_link_of_somebody_who_no_longer_follows_projects_is_shut(
    acme, client_of, make_member, anybody, document
):
    member = make_member(acme, "project")
    address = share(client_of(member), document)[1]
    make_member(acme, "billing", user=member)

    assert is_shut(anybody, address)


def test_a_file_in_quarantine_is_not_handed_over(anybody, address):
    with rls.staff("test"):
        StoredFile.objects.update(scan="infected")

    page = text_of(anybody.get(address))
    response = anybody.post(address)

    assert "n’est pas disponible" in page
    assert PDF not in b"".join(response)
    assert link_of().opens == 0


def test_making_opening_and_cutting_are_written_in_the_log(acme_owner, client_of, anybody, address):
    bytes_of(anybody.post(address))
    client_of(acme_owner).post(f"{LIST}liens/{link_of().pk}/couper/")

    assert acts() == [
        ("document_link_created", acme_owner),
        ("document_link_opened", None),
        ("document_link_revoked", acme_owner),
    ]


def test_the_page_of_the_document_counts_the_openings(acme_owner, client_of, anybody, address):
    bytes_of(anybody.post(address))
    bytes_of(anybody.post(address))

    page = text_of(client_of(acme_owner).get(f"{LIST}{link_of().version.document_id}/"))

    assert "2 ouvertures" in page
    assert address not in page


def test_the_address_is_shown_once(acme_owner, client_of, document):
    browser, key = client_of(acme_owner), "7c0f4c5e-7a52-4a0f-9a53-5a8f0d3e7f10"

    _first, address = share(browser, document, cle=key)
    second, again = share(browser, document, cle=key)

    assert address is not None
    assert (second.status_code, again) == (302, None)
    with rls.staff("test"):
        assert ShareLink.objects.count() == 1


def test_nobody_else_makes_or_cuts_a_link(
    acme, rival_owner, client_of, make_member, document, address
):
    link = link_of()
    for person, expected in ((rival_owner, 404), (make_member(acme, "guest"), 403)):
        browser = client_of(person)
        assert share(browser, document)[0].status_code == expected
        assert browser.post(f"{LIST}liens/{link.pk}/couper/").status_code == expected
    assert "Créer un lien" not in text_of(browser.get(f"{LIST}{document.pk}/"))

    with rls.staff("test"):
        assert ShareLink.objects.count() == 1
        assert ShareLink.objects.get().revoked_at is None


def test_an_internal_document_is_not_shared_by_link(
    acme_owner, owner_staff, client_of, project, make_document
):
    internal = make_document(project, visibility="internal")

    response, address = share(client_of(acme_owner), internal)
    with rls.staff("test"), pytest.raises(PermissionDenied):
        services.create_link(
            version=internal.versions.get(),
            life=timedelta(hours=1),
            is_single=False,
            actor=owner_staff,
            at=timezone.now(),
        )

    assert (response.status_code, address) == (404, None)
    with rls.staff("test"):
        assert not ShareLink.objects.exists()


def test_a_version_that_was_never_deposited_is_not_shared(acme_owner, client_of, document):
    response, address = share(client_of(acme_owner), document, version="7")

    assert (response.status_code, address) == (404, None)
    with rls.staff("test"):
        assert not ShareLink.objects.exists()


def test_too_many_openings_wait_a_minute(anybody, address):
    codes = [anybody.get(address).status_code for _ in range(61)]

    assert codes == [200] * 60 + [429]
