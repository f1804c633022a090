"""The team's screens: writing drafts, issuing them, and what locked papers refuse."""

from datetime import date
from decimal import Decimal

import pytest

from billing.invoicing import services
from billing.invoicing.admin.corrections import CancelInvoice
from billing.invoicing.models import CreditNote, Invoice, NumberSeries, Quote
from core.accounts.models import VatRate
from portal.projects.models import Project
from tests.billing.invoicing.conftest import AT, ON, make_draft, make_issued

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]
INVOICES = "/admin/snippets/invoicing/invoice/"
QUOTES = "/admin/snippets/invoicing/quote/"
LINE = {
    "label": "Conseil",
    "detail": "",
    "quantity": "2,5",
    "unit_price": "150\u202f000",
    "discount_percent": "0",
    "vat_rate": "18",
}


def typed(client, lines=(LINE,), **fields):
    """Return the form of a new draft as a browser sends it."""
    form = {
        "client": client.pk,
        "project": "",
        "subject": "Étude",
        "kind": "standard",
        "due_date": "",
        "external_reference": "",
        "currency": "XOF",
        "company": client.company_id,
        "discount_percent": "0",
        "notes": "",
        "lines-TOTAL_FORMS": len(lines),
        "lines-INITIAL_FORMS": 0,
        "lines-MIN_NUM_FORMS": 0,
        "lines-MAX_NUM_FORMS": 1000,
        **fields,
    }
    for rank, line in enumerate(lines):
        form |= {f"lines-{rank}-{name}": value for name, value in line.items()}
        form |= {f"lines-{rank}-ORDER": rank + 1, f"lines-{rank}-id": ""}
    return form


def page(response):
    assert response.status_code == 200
    return response.content.decode().replace("\u202f", " ").replace("\u00a0", " ")


def test_a_draft_is_written_with_french_figures_and_its_sums(acme, manager, client_of):
    response = client_of(manager).post(f"{INVOICES}add/", typed(acme))

    draft = Invoice.objects.get()
    assert response.status_code == 302
    assert (draft.status, draft.total_net, draft.total_vat, draft.total) == (
        "draft",
        375_000,
        67_500,
        442_500,
    )
    assert draft.search_norm == "etude acme distribution"


def test_a_draft_without_line_is_kept_and_not_issued(acme, manager, client_of):
    browser = client_of(manager)
    browser.post(f"{INVOICES}add/", typed(acme, lines=()))
    draft = Invoice.objects.get()

    asked = page(browser.get(f"{INVOICES}issue/{draft.pk}/"))
    browser.post(f"{INVOICES}issue/{draft.pk}/", {"version": draft.version})

    assert "Il n’y a pas encore de ligne." in asked
    assert Invoice.objects.get().status == "draft"
    assert not NumberSeries.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"quantity": "-1"}, "supérieure ou égale"),
        ({"quantity": "1000001"}, "inférieure ou égale"),
        ({"quantity": "douze"}, "Saisissez un nombre"),
        ({"quantity": "1000000", "unit_price": "1000000000000"}, "Ligne 1. Ce nombre est trop"),
        ({"vat_rate": "118"}, "inférieure ou égale"),
        ({"unit_price": ""}, "Champ requis"),
        ({"label": "x" * 301}, "300"),
    ],
)
def test_a_wrong_figure_is_explained_and_what_was_typed_stays(
    acme, manager, client_of, wrong, error
):
    response = client_of(manager).post(f"{INVOICES}add/", typed(acme, lines=[{**LINE, **wrong}]))

    text = page(response)
    assert error in text
    assert all(str(value) in text for value in wrong.values())
    assert "Étude" in text
    assert not Invoice.objects.exists()


def test_a_project_of_another_client_is_refused(acme, rival, manager, client_of):
    foreign = Project.objects.create(client=rival, title="Site de Rival")

    response = client_of(manager).post(f"{INVOICES}add/", typed(acme, project=foreign.pk))

    assert "celui d’un autre client" in page(response)
    assert not Invoice.objects.exists()


def test_many_lines_long_names_and_any_script_are_kept(acme, manager, client_of):
    lines = [{**LINE, "label": f"{rank} Ligne 🎉 مرحبا " + "é" * 260} for rank in range(160)]

    response = client_of(manager).post(f"{INVOICES}add/", typed(acme, lines=lines))

    draft = Invoice.objects.get()
    assert response.status_code == 302
    assert draft.lines.count() == 160
    assert draft.total == 70_800_000


def test_the_second_of_two_writers_is_told(acme, manager, make_staff, client_of):
    browser = client_of(manager)
    browser.post(f"{INVOICES}add/", typed(acme, lines=()))
    draft = Invoice.objects.get()
    url, version = f"{INVOICES}edit/{draft.pk}/", draft.version
    first = typed(acme, lines=(), subject="Du premier", version=version)
    second = typed(acme, lines=(), subject="Du second", version=version)

    client_of(make_staff("manager")).post(url, first)
    answer = page(browser.post(url, second))

    assert "Du second" in answer
    assert "Votre saisie est conservée" in answer
    assert Invoice.objects.get().subject == "Du premier"


def test_issuing_shows_the_number_and_both_parties_first(draft, manager, client_of):
    text = page(client_of(manager).get(f"{INVOICES}issue/{draft.pk}/"))

    assert "FAC-" in text
    assert "NOURX SARL" in text
    assert "Acme Distribution" in text
    assert "1 475 000 F CFA" in text
    assert not NumberSeries.objects.exists()


def test_the_button_issues_once(draft, manager, client_of):
    browser = client_of(manager)
    url, version = f"{INVOICES}issue/{draft.pk}/", draft.version

    for _ in range(2):
        browser.post(url, {"version": version})

    assert Invoice.objects.get().status == "issued"
    assert NumberSeries.objects.get().last == 1


def test_a_draft_changed_behind_the_page_is_not_issued(draft, manager, client_of):
    client_of(manager).post(f"{INVOICES}issue/{draft.pk}/", {"version": draft.version + 1})

    assert Invoice.objects.get().status == "draft"


def test_an_issued_invoice_opens_to_be_read(issued, manager, client_of):
    response = client_of(manager).get(f"{INVOICES}edit/{issued.pk}/", follow=True)

    assert response.redirect_chain == [(f"{INVOICES}inspect/{issued.pk}/", 302)]
    text = page(response)
    assert "elle se corrige par un avoir" in text
    assert "Hébergement" in text
    assert "un million" not in text


@pytest.mark.parametrize("address", ["edit", "delete"])
def test_an_issued_invoice_refuses_every_write(issued, acme, owner_staff, client_of, address):
    form = typed(acme, subject="Falsifiée", version=issued.version)

    client_of(owner_staff).post(f"{INVOICES}{address}/{issued.pk}/", form)

    fresh = Invoice.objects.get()
    assert (fresh.subject, fresh.number) == ("Site vitrine", "FAC-2026-0001")


def test_an_invoice_is_cancelled_with_its_reason(issued, manager, client_of):
    browser = client_of(manager)

    refused = page(browser.post(f"{INVOICES}cancel/{issued.pk}/", {"reason": ""}))
    browser.post(f"{INVOICES}cancel/{issued.pk}/", {"reason": "Doublon"})

    assert "Indiquez le motif" in refused
    assert (CreditNote.objects.get().reason, Invoice.objects.get().status) == (
        "Doublon",
        "cancelled",
    )


def test_a_part_is_credited_once_read_and_too_much_is_explained(issued, manager, client_of):
    browser, url = client_of(manager), f"{INVOICES}credit/{issued.pk}/"

    refused = page(browser.post(url, {"reason": "Geste", "rate_0": "1 250 001"}))
    form = {"reason": "Geste", "rate_0": "250 000"}
    read = page(browser.post(url, form))
    unread = page(browser.post(url, {**form, "seen": "294999", "confirm": "1"}))
    assert not CreditNote.objects.exists()
    browser.post(url, {**form, "seen": "295000", "confirm": "1"})

    assert "dépasse" in refused
    assert "1 250 001" in refused
    assert "AVO-2026-0001" in read or "AVO-" in read
    assert "295 000 F CFA" in read
    assert "relisez l’avoir" in unread
    note = CreditNote.objects.get()
    assert (note.total_net, note.total_vat, note.total) == (250_000, 45_000, 295_000)
    assert Invoice.objects.get().amount_due == 1_180_000


def test_units_of_a_line_are_credited_with_the_last_franc(acme, manager, client_of):
    issued = make_issued(acme, lines=(("Licence", "3", "33333.3333", "18"),))
    hosting = issued.lines.get()

    notes = [
        services.issue_credit_note(
            invoice=issued, reason="Retour", on=ON, at=AT, actor=manager,
            quantities={hosting.pk: Decimal(1)},
        )
        for _ in range(3)
    ]  # fmt: skip

    assert [note.total_net for note in notes] == [33_333, 33_334, 33_333]
    assert [note.total_vat for note in notes] == [6_000, 6_000, 6_000]
    assert [note.lines.get().net for note in notes] == [33_333, 33_334, 33_333]
    assert Invoice.objects.get().status == "cancelled"


def test_a_draft_in_euros_is_typed_with_cents(acme, manager, client_of):
    line = {**LINE, "quantity": "3", "unit_price": "33,33", "vat_rate": "20"}
    form = typed(acme, lines=[line], currency="EUR", exchange_rate="", discount_amount="0,99")

    client_of(manager).post(f"{INVOICES}add/", form)

    draft = Invoice.objects.get()
    assert (draft.currency, draft.exchange_rate) == ("EUR", Decimal("655.957"))
    assert (draft.lines.get().unit_price, draft.discount_amount) == (3_333, 99)
    assert (draft.total_net, draft.total_vat, draft.total) == (9_900, 1_980, 11_880)
    shown = page(client_of(manager).get(f"{INVOICES}edit/{draft.pk}/"))
    assert 'value="33,33"' in shown
    assert 'value="0,99"' in shown


def test_a_line_bears_a_rate_of_the_company_in_force(acme, manager, client_of):
    for label, rate, code, text in (
        ("TVA 18 %", 18, "TVA", ""),
        ("Export", 0, "TVAE", "Art. 343 CGI"),
        ("Exonéré", 0, "TVAD", "Art. 355 CGI"),
    ):
        VatRate.objects.create(
            company=acme.company, label=label, rate=rate, code=code, legal_text=text
        )
    lines = [
        {**LINE, "vat_rate": "0.00/TVAE"},
        {**LINE, "vat_rate": "0.00/TVAD"},
        {**LINE, "vat_rate": "18.00/TVA"},
    ]

    refused = page(
        client_of(manager).post(
            f"{INVOICES}add/", typed(acme, lines=[{**LINE, "vat_rate": "9.00/TVAB"}])
        )
    )
    client_of(manager).post(f"{INVOICES}add/", typed(acme, lines=lines))

    assert "Choisissez un taux en vigueur" in refused
    draft = Invoice.objects.get()
    assert [(row["rate"], row.get("code", ""), row["base"]) for row in draft.vat_groups] == [
        ("18.00", "", 375_000),
        ("0.00", "TVAD", 375_000),
        ("0.00", "TVAE", 375_000),
    ]
    assert {line.vat_text for line in draft.lines.all()} == {"", "Art. 343 CGI", "Art. 355 CGI"}


def test_a_copy_opens_as_a_draft(issued, manager, client_of):
    response = client_of(manager).post(f"{INVOICES}duplicate/{issued.pk}/")

    copy = Invoice.objects.get(status="draft")
    assert response.url == f"{INVOICES}edit/{copy.pk}/"
    assert (copy.total, copy.number, copy.lines.count()) == (1_475_000, "", 2)


def test_the_kept_pdf_is_handed_over(issued, manager, client_of):
    services.make_pdf(paper=issued)

    response = client_of(manager).get(f"{INVOICES}pdf/{issued.pk}/")

    assert b"".join(response.streaming_content).startswith(b"%PDF-")


def test_a_quote_is_sent_then_invoiced(quote, acme_owner, manager, client_of):
    browser = client_of(manager)
    browser.post(f"{QUOTES}send/{quote.pk}/", {"version": quote.version})
    sent = Quote.objects.get()
    services.accept_quote(quote=sent, name="Awa Koné", at=sent.issued_at, actor=acme_owner)

    response = browser.post(f"{QUOTES}invoice/{quote.pk}/")

    invoice = Invoice.objects.get()
    assert (invoice.quote, invoice.total) == (sent, 1_475_000)
    assert response.url == f"{INVOICES}edit/{invoice.pk}/"


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        ("draft", {"Brouillon"}),
        ("due", {"À temps", "En retard"}),
        ("late", {"En retard"}),
        ("paid", {"Payée"}),
        ("cancelled", {"Annulée"}),
    ],
)
def test_the_list_is_filtered_by_situation(acme, manager, client_of, situation, expected):
    make_draft(acme, subject="Brouillon")
    make_issued(acme, subject="À temps", due_date=date(2999, 1, 1))
    make_issued(acme, subject="En retard")
    paid = make_issued(acme, subject="Payée")
    services.apply_payment(invoice=paid, amount=paid.total, at=AT)
    gone = make_issued(acme, subject="Annulée")
    services.cancel_invoice(invoice=gone, reason="Erreur", on=ON, at=AT, actor=manager)
    Invoice.objects.filter(subject="En retard").update(updated_at=AT)

    response = client_of(manager).get(INVOICES, {"situation": situation})

    shown = {invoice.subject for invoice in response.context["object_list"]}
    assert shown - {"En retard"} == expected - {"En retard"}


@pytest.mark.parametrize("text", ["FAC-2026-0001", "etude", "acme dist"])
def test_the_list_is_searched_without_accents(acme, rival, manager, client_of, text):
    make_issued(acme, subject="Étude de marché")
    make_draft(rival, subject="Autre")

    response = client_of(manager).get(INVOICES, {"q": text})

    assert [row.subject for row in response.context["object_list"]] == ["Étude de marché"]


def test_an_editor_reads_and_changes_nothing(issued, draft, editor, client_of):
    browser = client_of(editor)

    for url in (INVOICES, QUOTES, f"{INVOICES}inspect/{issued.pk}/", f"{INVOICES}add/"):
        response = browser.get(url)
        assert response.status_code == 302
        assert response.url == "/admin/"
    browser.post(f"{INVOICES}issue/{draft.pk}/", {"version": draft.version})
    browser.post(f"{INVOICES}cancel/{issued.pk}/", {"reason": "Non"})

    assert Invoice.objects.filter(status="draft").count() == 1 - (draft.pk == issued.pk)
    assert not CreditNote.objects.exists()


@pytest.mark.parametrize("model", ["creditnote", "numberseries"])
def test_what_the_system_writes_is_only_read(issued, manager, client_of, model):
    browser = client_of(manager)

    assert browser.get(f"/admin/snippets/invoicing/{model}/").status_code == 200
    assert browser.get(f"/admin/snippets/invoicing/{model}/add/").status_code == 404


def test_the_home_page_counts_what_is_due_and_late(acme, manager, client_of):
    make_issued(acme, due_date=date(2999, 1, 1))
    make_issued(acme, due_date=ON)

    text = page(client_of(manager).get("/admin/"))

    assert "À encaisser" in text
    assert "2 950 000 F" in text
    assert "1 475 000 F" in text


def test_a_paid_invoice_is_not_offered_to_be_cancelled(issued, team):
    issued.amount_paid = 1

    assert not CancelInvoice.is_offered(issued)
