"""The screens of certification: who may, what is shown, what is refused."""

import pytest
from django.urls import reverse

from billing.fiscal import services
from billing.fiscal.models import Certification, FiscalSettings
from billing.fiscal.queries import missing_identity
from core.accounts.models import Client
from core.hooks import team_figures

LIST = "wagtailsnippets_fiscal_certification:list"
SETTINGS = "wagtailsnippets_fiscal_fiscalsettings"


def settings_form(company, **values):
    return {
        "company": company.pk,
        "driver": "fne",
        "base_url": "",
        "key": "",
        "point_of_sale": "Siège",
        "establishment": "NOURX",
        "payment_method": "deferred",
        "commercial_message": "",
        "sticker_threshold": "20",
        **values,
    }


@pytest.fixture
def lost(issue, certifying, clock, sale_row, fne):
    fne.faults.append("error_after_create")
    row = sale_row(issue())
    services.certify(certification_id=row.pk, clock=clock)
    row.refresh_from_db()
    return row


def test_the_owner_gives_a_key_that_is_never_shown(client_of, owner_staff, company, fne):
    browser = client_of(owner_staff)
    form = settings_form(company, base_url=fne.url, key="clé-secrète-42")

    answer = browser.post(reverse(f"{SETTINGS}:add"), form)

    assert answer.status_code == 302
    chosen = FiscalSettings.objects.get()
    assert "clé-secrète-42" not in chosen.key_encrypted
    page = browser.get(reverse(f"{SETTINGS}:edit", args=[chosen.pk])).content.decode()
    assert "clé-secrète-42" not in page
    assert chosen.key_encrypted not in page


def test_an_empty_key_keeps_the_one_that_is_there(client_of, owner_staff, certifying, company):
    kept = certifying.key_encrypted
    form = settings_form(company, base_url=certifying.base_url, version=certifying.version)

    client_of(owner_staff).post(reverse(f"{SETTINGS}:edit", args=[certifying.pk]), form)

    certifying.refresh_from_db()
    assert (certifying.key_encrypted, certifying.driver) == (kept, "fne")


def test_what_would_not_work_is_not_switched_on(client_of, owner_staff, company):
    form = settings_form(company, point_of_sale="")

    answer = client_of(owner_staff).post(reverse(f"{SETTINGS}:add"), form)

    assert FiscalSettings.objects.count() == 0
    assert "FNE_BASE_URL" in answer.content.decode()


def test_a_manager_does_not_reach_the_settings(client_of, manager, certifying):
    answer = client_of(manager).get(reverse(f"{SETTINGS}:edit", args=[certifying.pk]))

    assert answer.status_code in (302, 403)
    assert certifying.point_of_sale not in answer.content.decode()


def test_trying_the_connection_says_what_it_proves(client_of, owner_staff, certifying, fne):
    url = reverse(f"{SETTINGS}:essayer", args=[certifying.pk])

    page = client_of(owner_staff).post(url, follow=True).content.decode()

    assert "ne prouve ni le point de vente" in page
    assert fne.documents == []


def test_a_manager_types_the_reference(client_of, manager, lost, fne):
    browser = client_of(manager)
    url = reverse("wagtailsnippets_fiscal_certification:certifiee", args=[lost.pk])
    values = {"rank": 1, "verification_url": "https://fne.dgi.gouv.ci/v/1"}

    wrong = browser.post(url, {**values, "reference": "12"})
    browser.post(url, {**values, "reference": fne.documents[0].reference})

    lost.refresh_from_db()
    assert "1234567A25000000019" in wrong.content.decode()
    assert lost.state == Certification.State.CERTIFIED


def test_one_confirmation_is_not_enough(client_of, manager, lost):
    url = reverse("wagtailsnippets_fiscal_certification:absente", args=[lost.pk])

    client_of(manager).post(url, {"rank": 1, "number": lost.number})

    lost.refresh_from_db()
    assert lost.state == Certification.State.UNCERTAIN


def test_somebody_who_writes_articles_decides_nothing(client_of, editor, lost):
    for name in ("certifiee", "absente"):
        url = reverse(f"wagtailsnippets_fiscal_certification:{name}", args=[lost.pk])
        client_of(editor).post(url, {"rank": 1, "number": lost.number, "is_absent": "on"})

    lost.refresh_from_db()
    assert lost.state == Certification.State.UNCERTAIN


def test_the_journal_shows_what_was_sent_and_how_to_look(client_of, manager, lost):
    browser = client_of(manager)
    inspect = reverse("wagtailsnippets_fiscal_certification:inspect", args=[lost.pk])

    page = browser.get(inspect).content.decode()
    export = browser.get(reverse(LIST) + "?export=csv&state=uncertain")

    assert "clientCompanyName" in page
    assert "Ouvrez le portail" in page
    assert lost.number in b"".join(export.streaming_content).decode()


def test_the_home_page_tells_what_waits(rf, manager, lost):
    FiscalSettings.objects.update(sticker_balance=3)
    request = rf.get("/admin/")
    request.user = manager

    figures = {str(figure.label): figure.value for figure in team_figures(request)}

    assert figures["Certifications à vérifier"] == 1
    assert figures["Stickers FNE restants"] == 3
    assert "Factures refusées par la DGI" not in figures


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({"ncc": ""}, ["ncc"]),
        ({"ncc": "", "sector": "person"}, []),
        ({"ncc": "", "country": "FR"}, []),
        ({"phone": "", "email": ""}, ["phone", "email"]),
        ({"ncc": "", "stage": "prospect"}, []),
    ],
)
def test_the_client_form_asks_for_what_the_fne_demands(certifying, company, fields, missing):
    values = {"ncc": "7654321B", "phone": "+22507", "email": "a@b.ci", **fields}

    found = missing_identity(Client(company=company, name="Sika", **values))

    assert [field for field, _text in found] == missing


def test_without_certification_the_client_form_asks_for_nothing(company):
    assert list(missing_identity(Client(company=company, name="Sika"))) == []


def test_the_client_reads_a_proforma_then_a_sealed_invoice(
    client_of, make_member, buyer, issue, certifying, clock, sale_row
):
    invoice = issue()
    browser = client_of(make_member(buyer, "owner"))
    url = reverse("invoicing:invoice", args=[invoice.number])

    before = browser.get(url).content.decode()
    services.certify(certification_id=sale_row(invoice).pk, clock=clock)
    after = browser.get(url).content.decode()

    assert "Proforma en attente de certification" in before
    assert "Proforma" not in after
    assert "N° FNE 2112345A26000000001" in after
    assert 'rel="noopener noreferrer"' in after
