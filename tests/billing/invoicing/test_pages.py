"""The client's pages: what they show, to whom, and at what cost."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing.invoicing import services
from billing.invoicing.models import Invoice, InvoiceEvent
from tests.billing.invoicing.conftest import AT, ON, make_draft, make_issued, make_quote

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]
LIST = "/client/factures/"


def page_of(browser, url):
    response = browser.get(url)
    assert response.status_code == 200
    return response.content.decode().replace("\u202f", " ").replace("\u00a0", " ")


def test_the_list_shows_number_date_amount_and_state(acme, acme_owner, client_of):
    make_issued(acme, due_date=date(2999, 1, 1))

    page = page_of(client_of(acme_owner), LIST)

    assert "FAC-2026-0001" in page
    assert "13 novembre 2026" in page
    assert "1 475 000 F CFA" in page
    assert "À régler" in page


def test_drafts_are_not_in_the_list(draft, acme_owner, client_of):
    page = page_of(client_of(acme_owner), LIST)

    assert draft.subject not in page
    assert "Aucune facture" in page


def test_what_is_due_comes_first_then_the_newest(acme, acme_owner, client_of):
    paid = make_issued(acme, subject="Payée")
    services.apply_payment(invoice=paid, amount=paid.total, at=AT)
    make_issued(acme, subject="Plus tard", due_date=date(2999, 1, 1))
    make_issued(acme, subject="Bientôt", due_date=date(2998, 1, 1))

    rows = client_of(acme_owner).get(LIST).context["rows"]

    assert [row.subject for row in rows] == ["Bientôt", "Plus tard", "Payée"]


@pytest.mark.parametrize(
    ("tab", "expected"),
    [
        ("a-regler", ["Due"]),
        ("en-retard", []),
        ("payees", ["Payée"]),
        ("toutes", ["Due", "Annulée", "Payée"]),
        ("n-importe-quoi", ["Due", "Annulée", "Payée"]),
        ("devis", ["Offre"]),
    ],
)
def test_each_tab_keeps_its_papers(acme, acme_owner, manager, client_of, tab, expected):
    paid = make_issued(acme, subject="Payée")
    services.apply_payment(invoice=paid, amount=paid.total, at=AT)
    cancelled = make_issued(acme, subject="Annulée")
    services.cancel_invoice(invoice=cancelled, reason="Erreur", on=ON, at=AT, actor=manager)
    make_issued(acme, subject="Due")
    offer = make_quote(acme, subject="Offre")
    services.send_quote(quote=offer, on=ON, at=AT, actor=manager)

    rows = client_of(acme_owner).get(f"{LIST}?vue={tab}").context["rows"]

    assert [row.subject for row in rows] == expected


@pytest.mark.parametrize("text", ["FAC-2026-0001", "0001", "éTuDe", "etude marche", "refe"])
def test_a_paper_is_found_by_number_or_words(acme, acme_owner, client_of, text):
    make_issued(acme, subject="Étude de marché", external_reference="REFERENCE 7")
    make_issued(acme, subject="Autre chose")

    rows = client_of(acme_owner).get(LIST, {"q": text}).context["rows"]

    assert [row.number for row in rows] == ["FAC-2026-0001"]


def test_a_search_without_answer_says_so(issued, acme_owner, client_of):
    page = page_of(client_of(acme_owner), f"{LIST}?q=zzz")

    assert "Rien ne correspond" in page


def test_the_page_shows_lines_vat_totals_and_words(issued, acme_owner, client_of):
    page = page_of(client_of(acme_owner), f"{LIST}FAC-2026-0001/")

    assert "Hébergement" in page
    assert "20 833,3333" in page
    assert "1 250 000" in page
    assert "TVA 18 %" in page
    assert "225 000" in page
    assert "un million quatre cent soixante-quinze mille francs CFA" in page
    assert "En attente de votre paiement" in page


@pytest.mark.parametrize(
    ("due", "paid", "word"),
    [
        (date(2999, 1, 1), 0, "À régler"),
        (date(2999, 1, 1), 1_000, "Partiellement payée"),
        (ON, 0, "En retard"),
        (ON, 1_475_000, "Payée"),
    ],
)
def test_the_state_is_said_in_words(acme, acme_owner, client_of, due, paid, word):
    invoice = make_issued(acme, due_date=due)
    if paid:
        services.apply_payment(invoice=invoice, amount=paid, at=AT)

    state = client_of(acme_owner).get(f"{LIST}{invoice.number}/").context["state"]

    assert state.label == word


def test_the_first_view_is_remembered_once(issued, acme_owner, client_of):
    browser = client_of(acme_owner)
    url = f"{LIST}{issued.number}/"
    browser.head(url)
    unseen = Invoice.objects.get().seen_at

    browser.get(url)
    first = Invoice.objects.get().seen_at
    browser.get(url)

    assert unseen is None
    assert timezone.now() - first < timedelta(minutes=1)
    assert Invoice.objects.get().seen_at == first
    assert InvoiceEvent.objects.filter(kind="seen", actor=acme_owner).count() == 1


def test_the_pdf_is_announced_until_it_is_there(issued, acme_owner, client_of):
    browser = client_of(acme_owner)

    page = page_of(browser, f"{LIST}{issued.number}/")
    response = browser.get(f"{LIST}{issued.number}/pdf/")

    assert "PDF en préparation" in page
    assert response.status_code == 302
    assert response.url == f"{LIST}{issued.number}/"


def test_the_pdf_is_handed_over(issued, acme_owner, client_of):
    services.make_pdf(paper=issued)

    response = client_of(acme_owner).get(f"{LIST}{issued.number}/pdf/")

    assert response.status_code == 200
    assert response["Content-Disposition"] == 'attachment; filename="FAC-2026-0001.pdf"'
    assert b"".join(response.streaming_content).startswith(b"%PDF-")


def paths(invoice, quote):
    return [
        LIST,
        f"{LIST}{invoice.number}/",
        f"{LIST}{invoice.number}/pdf/",
        f"/client/devis/{quote.number}/",
        f"/client/devis/{quote.number}/pdf/",
    ]


def test_nobody_is_sent_to_sign_in(issued, sent_quote, client_of):
    for path in paths(issued, sent_quote):
        response = client_of().get(path)

        assert response.status_code == 302
        assert response.url.startswith("/connexion/")
    assert Invoice.objects.get().seen_at is None


def test_a_stranger_finds_nothing_and_leaves_no_trace(issued, sent_quote, rival_owner, client_of):
    for path in paths(issued, sent_quote)[1:]:
        assert client_of(rival_owner).get(path).status_code == 404

    assert Invoice.objects.get().seen_at is None
    assert not InvoiceEvent.objects.filter(kind="seen").exists()


@pytest.mark.parametrize("role", ["project", "guest"])
def test_members_without_the_grant_find_nothing(
    issued, sent_quote, acme, make_member, client_of, role
):
    member = make_member(acme, role)

    for path in paths(issued, sent_quote):
        assert client_of(member).get(path).status_code == 404

    assert Invoice.objects.get().seen_at is None


def test_a_draft_has_no_page(acme, acme_owner, client_of):
    make_draft(acme)

    assert client_of(acme_owner).get(f"{LIST}/").status_code == 404


def reads_of(browser, url):
    """Return the queries of a page, without those of sessions and transactions."""
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(url).status_code == 200
    ground = ("SAVEPOINT", "RELEASE", "usersessions")
    return [row["sql"] for row in captured if not any(word in row["sql"] for word in ground)]


def of_papers(reads):
    return [sql for sql in reads if 'FROM "invoicing_' in sql]


@pytest.mark.parametrize(
    ("url", "own"), [(LIST, 4), (f"{LIST}?vue=devis", 4), (f"{LIST}FAC-2025-0001/", 3)]
)
def test_a_page_costs_the_same_however_many_papers(acme, acme_owner, client_of, url, own):
    _bulk(acme, 0, 10)
    browser = client_of(acme_owner)
    browser.get(url)
    few = reads_of(browser, url)

    _bulk(acme, 10, 200)
    many = reads_of(browser, url)

    assert len(of_papers(few)) == len(of_papers(many)) == own
    assert len(few) == len(many)


def _bulk(client, first, last):
    Invoice.objects.bulk_create(
        Invoice(
            company=client.company,
            client=client,
            subject=f"Prestation {rank}",
            number=f"FAC-2025-{rank:04}",
            status="issued",
            issue_date=date(2025, 1, 1),
            due_date=date(2025, 1, 15),
            total_net=1_000,
            total=1_000,
        )
        for rank in range(first, last)
    )
