"""What the team and the client see and do: the next run, unpaid invoices, ladders, a date given."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from billing.dunning.models import Dispute, DunningLadder, DunningStep, PaymentPromise
from billing.dunning.risk import risk_score, with_risk
from billing.invoicing.models import Invoice
from core import rls
from core.notify.models import OutgoingMail, OutgoingText
from tests.conftest import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def late_invoice(acme, make_invoice):
    """An invoice of Acme that was due ten days ago, whatever the day."""
    with rls.staff("test"):
        due = timezone.localdate() - timedelta(days=10)
        invoice = make_invoice(acme)
        Invoice.objects.filter(pk=invoice.pk).update(
            number="FAC-2026-0005",
            status="issued",
            issue_date=due - timedelta(days=30),
            issued_at=AT,
            due_date=due,
        )
        invoice.refresh_from_db()
    return invoice


def test_the_next_run_is_shown_before_it_happens(late_invoice, acme_owner, manager, client_of):
    page = client_of(manager).get(reverse("dunning_tonight")).content.decode()

    assert "FAC-2026-0005" in page
    assert "Deuxième relance" in page
    with rls.staff("test"):
        assert not OutgoingMail.objects.exists()


def test_the_next_run_is_not_for_those_who_read_no_invoice(editor, client_of):
    answer = client_of(editor).get(reverse("dunning_tonight"))

    assert answer.status_code in (302, 403)


def test_the_command_says_what_the_page_shows(late_invoice, acme_owner, capsys):
    call_command("send_reminders", "--date", "2026-04-05", "--dry-run")
    nothing = capsys.readouterr().out
    monday = timezone.localdate() + timedelta(days=7 - timezone.localdate().weekday())
    call_command("send_reminders", "--date", monday.isoformat(), "--dry-run")

    assert nothing == ""
    assert capsys.readouterr().out.startswith("FAC-2026-0005 second 118")


def test_unpaid_invoices_are_listed_by_risk(late_invoice, manager, client_of):
    day = timezone.localdate() + timedelta(days=3)
    with rls.staff("test"):
        facts = {"client": late_invoice.client, "invoice": late_invoice}
        PaymentPromise.objects.create(**facts, promised_for=day, made_at=timezone.now())

    answer = client_of(manager).get("/admin/rapports/impayes/")

    page = answer.content.decode()
    assert f"promise pour le {day:%d/%m/%Y}" in page
    assert "FAC-2026-0005" in page and "Comment le risque est compté" in page
    assert f"/relancer/{late_invoice.pk}/" in page
    assert f"/loss/{late_invoice.pk}/" in page


@pytest.mark.parametrize(
    ("facts", "score"),
    [
        ({}, 8),
        ({"days_late": 10, "francs": 118_000}, 10 + 1 + 8),
        ({"days_late": 400, "francs": 9_000_000, "mean_late": 90.0}, 40 + 20 + 25),
        ({"mean_late": 7.9}, 3),
        ({"is_disputed": True, "broken": 2}, 8 + 15),
    ],
)
def test_the_score_adds_up(facts, score):
    known = {"days_late": 0, "francs": 0, "mean_late": None, "is_disputed": False, "broken": 0}

    assert risk_score(**{**known, **facts}) == score


@pytest.mark.usefixtures("team")
def test_the_database_counts_the_same_score(late_invoice, acme):
    on = timezone.localdate()
    Dispute.objects.create(client=acme, invoice=late_invoice, reason="Prix", opened_at=AT)
    PaymentPromise.objects.create(
        client=acme, invoice=late_invoice, promised_for=on, state="broken", made_at=AT
    )

    row = with_risk(Invoice.objects.unpaid(), on=on).get()

    facts = {name: getattr(row, name) for name in ("days_late", "is_disputed", "broken")}
    assert row.risk == risk_score(**facts, francs=int(row.francs), mean_late=row.mean_late)
    assert (row.risk, row.days_late) == (10 + 1 + 8 + 15, 10)


def test_a_client_gives_a_date_on_the_page_of_the_invoice(late_invoice, acme_owner, client_of):
    browser = client_of(acme_owner)
    day = timezone.localdate() + timedelta(days=5)

    answer = browser.post(reverse("dunning:promise", args=["FAC-2026-0005"]), {"promised_for": day})
    page = browser.get("/client/factures/FAC-2026-0005/").content.decode()

    assert answer.status_code == 302
    assert "Paiement prévu le" in page and "Donner une date de paiement" not in page


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("promise", {"promised_for": "2020-01-01"}, "Cette date est passée"),
        ("promise", {"promised_for": "demain"}, "Écrivez une date"),
        ("contest", {"reason": ""}, "Dites-nous ce qui ne va pas"),
        ("contest", {"reason": "x" * 2001}, "2000"),
    ],
)
def test_what_does_not_fit_is_said_and_kept(
    late_invoice, acme_owner, client_of, name, typed, words
):
    answer = client_of(acme_owner).post(reverse(f"dunning:{name}", args=["FAC-2026-0005"]), typed)

    page = answer.content.decode()
    assert (answer.status_code, words in page) == (422, True)
    assert next(iter(typed.values())) in page
    with rls.staff("test"):
        assert not PaymentPromise.objects.exists() and not Dispute.objects.exists()


def test_a_client_contests_on_the_page_of_the_invoice(late_invoice, acme_owner, client_of):
    browser = client_of(acme_owner)

    browser.post(reverse("dunning:contest", args=["FAC-2026-0005"]), {"reason": "Déjà réglée."})
    page = browser.get("/client/factures/FAC-2026-0005/").content.decode()

    assert "Facture contestée le" in page and "« Déjà réglée. »" in page


def test_another_client_finds_nothing(late_invoice, rival_owner, client_of):
    answer = client_of(rival_owner).post(
        reverse("dunning:contest", args=["FAC-2026-0005"]), {"reason": "Non"}
    )

    assert answer.status_code == 404
    with rls.staff("test"):
        assert not Dispute.objects.exists()


def _steps(**fields):
    step = {
        "days": "5", "label": "Relance", "key": "five", "gap_days": "0", "by_email": "on",
        "subject": "Relance", "body": "Bonjour {{ client }}", "short_text": "", "id": "",
        "DELETE": "", "ORDER": "1",
    }  # fmt: skip
    counts = {"TOTAL_FORMS": "1", "INITIAL_FORMS": "0", "MIN_NUM_FORMS": "0", "MAX_NUM_FORMS": "9"}
    found = {f"steps-0-{name}": value for name, value in {**step, **fields}.items()}
    return {
        **found,
        **{f"steps-{name}": value for name, value in counts.items()},
        "name": "Public",
        "is_active": "on",
        "sector": "public",
        "tolerance": "0",
        "version": "1",
    }


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"body": "Bonjour {{ prenom }}"}, "Une relance ne connaît pas : prenom."),
        ({"body": "", "subject": ""}, "écrivez le sien"),
        ({"by_sms": "on"}, "Écrivez le texte court"),
    ],
)
def test_words_of_a_step_that_cannot_be_sent_are_refused(manager, client_of, fields, words):
    url = reverse("wagtailsnippets_dunning_dunningladder:add")

    answer = client_of(manager).post(url, _steps(**fields))

    assert words in answer.content.decode()
    assert not DunningStep.objects.filter(key="five").exists()


def test_a_ladder_for_administrations_is_kept_and_seen_on_a_real_invoice(
    late_invoice, manager, client_of
):
    browser = client_of(manager)
    browser.post(reverse("wagtailsnippets_dunning_dunningladder:add"), _steps())
    ladder = DunningLadder.objects.get(sector="public")
    url = reverse("wagtailsnippets_dunning_dunningladder:apercu", args=[ladder.pk])

    page = browser.get(url).content.decode()
    browser.post(url, {"invoice": late_invoice.pk, "step": "five"})

    assert "Bonjour Acme Distribution" in page
    with rls.staff("test"):
        mail = OutgoingMail.objects.get()
    assert mail.recipients == ["gestion@nourx.test"] and "Bonjour Acme" in mail.text


def test_opening_whatsapp_says_that_it_was_sent(acme, manager, client_of):
    with rls.staff("test"):
        text = OutgoingText.objects.create(
            key="k", channel="whatsapp", phone="+2250700000001", text="Bonjour", client=acme
        )
    url = reverse("wagtailsnippets_notify_outgoingtext:whatsapp", args=[text.pk])

    answer = client_of(manager).post(url)

    with rls.staff("test"):
        text.refresh_from_db()
    assert answer.url == "https://wa.me/2250700000001?text=Bonjour"
    assert (text.state, text.sent_by) == ("sent", manager)


def test_the_page_of_an_invoice_shows_its_ladder(late_invoice, manager, client_of):
    url = reverse("wagtailsnippets_invoicing_invoice:inspect", args=[late_invoice.pk])

    page = client_of(manager).get(url).content.decode()

    assert "Échelle de relance : Relances" in page and "Mise en demeure" in page
