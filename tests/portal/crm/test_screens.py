"""Screens of sales: what is typed, what is refused, what is found."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.accounts.models import Client, Contact
from core.hooks import search_sources
from portal.crm import queries
from portal.crm.models import Interaction, Opportunity, StageMove

PROSPECT = "/admin/commercial/prospects/nouveau/"
SALE = "/admin/snippets/crm/opportunity"


@pytest.fixture
def typed(stages):
    """What a person types for a new prospect."""
    return {
        "name": "Boulangerie de Cocody",
        "contact_name": "Awa Touré",
        "phone": "+225 07 01 02 03 04",
        "email": "awa@cocody.test",
        "title": "Commande en ligne",
        "stage": stages["Piste"].pk,
        "source": "referral",
        "amount": "1 500 000",
        "currency": "XOF",
    }


def test_a_prospect_is_made_in_one_form(typed, company, manager, client_of):
    client_of(manager).post(PROSPECT, typed)

    sale = Opportunity.objects.get()
    contact = Contact.objects.get(client=sale.client)
    assert (sale.client.name, sale.client.stage) == ("Boulangerie de Cocody", "prospect")
    assert (contact.name, contact.is_main) == ("Awa Touré", True)
    assert (sale.amount, sale.score) == (1_500_000, 35)
    assert StageMove.objects.get().to_name == "Piste"


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ({"name": "Autre", "phone": "07 01 02 03 04"}, "même numéro"),
        ({"name": "Autre", "email": "AWA@cocody.test"}, "même adresse"),
        ({"name": "La Boulangerie Cocody SARL"}, "nom semblable"),
    ],
)
def test_a_likely_duplicate_is_shown_before_anything_is_saved(
    known, reason, typed, make_client, manager, client_of
):
    make_client(**known)
    browser = client_of(manager)

    asked = browser.post(PROSPECT, typed).content.decode()
    before = Opportunity.objects.count()
    browser.post(PROSPECT, {**typed, "anyway": "on"})

    assert reason in asked
    assert "Créer quand même" in asked
    assert "Commande en ligne" in asked
    assert (before, Opportunity.objects.count()) == (0, 1)


def test_names_that_share_little_are_no_duplicates(make_client):
    make_client("Boulangerie de Bouaké")
    make_client("Transit de Cocody")

    assert queries.find_duplicates(name="Pharmacie des Deux Plateaux", phone="123") == []


@pytest.mark.parametrize("amount", ["99999999999999999999", "-5", "beaucoup", "1 000,50"])
def test_an_amount_that_is_none_is_refused_and_what_was_typed_stays(
    amount, typed, company, manager, client_of
):
    answer = client_of(manager).post(PROSPECT, {**typed, "amount": amount})

    assert "Boulangerie de Cocody" in answer.content.decode()
    assert answer.context["form"].errors["amount"]
    assert not Opportunity.objects.exists()


def form_of(sale, **changed):
    typed = {
        "title": sale.title,
        "client": sale.client_id,
        "source": sale.source,
        "amount": "",
        "currency": "XOF",
        "version": sale.version,
    }
    return typed | changed


def test_cents_are_typed_in_euros_and_kept_in_cents(sale, manager, client_of):
    sent = form_of(sale, amount="1 250,50", currency="EUR")

    client_of(manager).post(f"{SALE}/edit/{sale.pk}/", sent)

    sale.refresh_from_db()
    assert (sale.amount, sale.currency) == (125_050, "EUR")


def test_a_sale_stays_with_its_client(sale, rival, manager, client_of):
    sent = {**form_of(sale), "client": rival.pk, "title": "Pour un autre"}

    page = client_of(manager).post(f"{SALE}/edit/{sale.pk}/", sent)

    kept = Opportunity.objects.get(pk=sale.pk)
    assert "Une opportunité reste à son client" in page.content.decode()
    assert "Pour un autre" in page.content.decode()
    assert (kept.client_id, kept.title) == (sale.client_id, sale.title)


def test_the_form_never_moves_a_sale(sale, stages, manager, client_of):
    sent = form_of(sale, stage=stages["Gagnée"].pk, decider="Le directeur")

    client_of(manager).post(f"{SALE}/edit/{sale.pk}/", sent)

    sale.refresh_from_db()
    assert (sale.stage, sale.decider) == (stages["Piste"], "Le directeur")


def test_a_past_day_is_refused_when_typed_and_kept_when_it_went_by(make_sale, manager, client_of):
    yesterday = timezone.localdate() - timedelta(days=1)
    sale = make_sale(follow_up_date=yesterday)
    browser, url = client_of(manager), f"{SALE}/edit/{sale.pk}/"
    sent = form_of(sale, follow_up_date=yesterday.isoformat(), title="Gardée")

    kept = browser.post(url, sent)
    sale.refresh_from_db()
    refused = browser.post(
        url, form_of(sale, follow_up_date=yesterday.isoformat(), expected_close="2020-01-01")
    )

    assert kept.status_code == 302
    assert sale.title == "Gardée"
    assert "est passée" in refused.content.decode()


def test_a_hand_given_score_replaces_the_computed_one(sale, manager, client_of):
    browser = client_of(manager)

    browser.post(f"{SALE}/edit/{sale.pk}/", form_of(sale, manual_score="90"))

    sale.refresh_from_db()
    assert sale.score == 90
    page = browser.get(f"{SALE}/inspect/{sale.pk}/").content.decode()
    assert "90, donnée à la main" in page


def test_a_sale_is_lost_with_its_reason_and_reopened(sale, stages, too_dear, manager, client_of):
    browser = client_of(manager)

    browser.post(f"{SALE}/perdre/{sale.pk}/", {"note": "x"})
    sale.refresh_from_db()
    assert sale.closed_at is None
    browser.post(f"{SALE}/perdre/{sale.pk}/", {"reason": too_dear.pk, "note": "Deux fois moins"})
    sale.refresh_from_db()
    assert (sale.stage, sale.loss_reason) == (stages["Perdue"], too_dear)
    history = browser.get(f"{SALE}/inspect/{sale.pk}/?onglet=historique").content.decode()
    assert "Perdue" in history
    browser.post(f"{SALE}/rouvrir/{sale.pk}/", {"stage": stages["Qualifiée"].pk})
    sale.refresh_from_db()
    assert (sale.stage, sale.closed_at) == (stages["Qualifiée"], None)


def test_many_sales_are_given_to_somebody_at_once(make_sale, manager, owner_staff, client_of):
    rows = [make_sale("Une"), make_sale("Deux")]
    keys = "&".join(f"id={row.pk}" for row in rows)
    url = f"/admin/bulk/crm/opportunity/confier/?{keys}&next=/admin/"

    client_of(manager).post(url, {"owner": owner_staff.pk})

    assert set(Opportunity.objects.values_list("owner", flat=True)) == {owner_staff.pk}


def test_the_search_finds_clients_contacts_and_sales_without_accents(
    make_client, make_sale, manager, rf
):
    client = make_client("Hôtel Éburnie")
    Contact.objects.create(client=client, name="Désiré Kouamé", email="desire@eburnie.test")
    make_sale("Réservation", client=client)
    request = rf.get("/admin/")
    request.user = manager

    found = {source.key: source for source in search_sources(request)}

    assert [hit.title for hit in found["clients"].find("eburnie", 5)] == ["Hôtel Éburnie"]
    assert [hit.title for hit in found["contacts"].find("desire", 5)] == ["Désiré Kouamé"]
    assert [hit.title for hit in found["opportunities"].find("eburnie", 5)] == ["Réservation"]
    assert [hit.title for hit in found["opportunities"].find("reserv", 5)] == ["Réservation"]


def test_a_note_is_pinned_at_the_head_of_the_client_and_hidden_from_it(
    acme, acme_owner, manager, client_of
):
    note = Interaction.objects.create(
        client=acme, body="KANARI confidentiel", happened_at=timezone.now()
    )
    browser = client_of(manager)

    browser.post(f"/admin/snippets/crm/interaction/epingler/{note.pk}/")
    page = browser.get(f"/admin/snippets/accounts/client/inspect/{acme.pk}/").content.decode()
    portal = client_of(acme_owner)
    seen = [portal.get(url).content.decode() for url in ("/client/", "/client/profil/")]

    assert "Épinglée" in page
    assert "KANARI confidentiel" in page
    assert not [text for text in seen if "KANARI" in text]
    assert not Interaction.objects.visible_to(acme_owner).exists()
    assert Client.objects.visible_to(acme_owner).count() == 1
