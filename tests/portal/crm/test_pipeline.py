"""Moving sales: the history, two people on one card, losses, steps that go away."""

import pytest
from django.utils import timezone

from core.accounts.models import Client
from portal.crm import queries, services
from portal.crm.figures import SalesFigures, sales_figures
from portal.crm.models import Opportunity, PipelineStage, StageMove
from tests.conftest import AT

BOARD = "/admin/commercial/pipeline/"
AJAX = {"X-Requested-With": "XMLHttpRequest"}


def move(sale, to, actor=None, **values):
    return services.move_opportunity(opportunity=sale, to=to, actor=actor, at=AT, **values)


def test_a_move_keeps_who_when_from_and_to(sale, stages, manager):
    move(sale, stages["Qualifiée"], manager, note="Budget confirmé")

    kept = StageMove.objects.get()
    facts = (kept.from_name, kept.to_name, kept.moved_by, kept.moved_at, kept.note)
    assert facts == ("Piste", "Qualifiée", manager, AT, "Budget confirmé")
    sale.refresh_from_db()
    assert (sale.stage, sale.stage_since, sale.closed_at) == (stages["Qualifiée"], AT, None)


def test_a_move_to_the_same_step_keeps_nothing(sale, stages):
    move(sale, stages["Piste"])

    assert not StageMove.objects.exists()


def test_the_second_of_two_people_is_told_and_moves_nothing(sale, stages):
    seen = str(sale.version)
    move(sale, stages["Qualifiée"], seen=seen)

    with pytest.raises(services.CannotMove, match="a changé entre-temps"):
        move(sale, stages["Gagnée"], seen=seen)

    sale.refresh_from_db()
    assert sale.stage == stages["Qualifiée"]
    assert StageMove.objects.count() == 1


def test_a_lost_sale_says_why_and_comes_back_without_it(sale, stages, too_dear):
    with pytest.raises(services.ReasonNeeded):
        move(sale, stages["Perdue"])
    assert not StageMove.objects.exists()

    lost = move(sale, stages["Perdue"], reason=too_dear, note="Deux fois moins cher ailleurs")
    facts = (lost.closed_at, lost.loss_reason, lost.loss_note)
    assert facts == (AT, too_dear, "Deux fois moins cher ailleurs")

    back = move(lost, stages["Piste"])
    assert (back.closed_at, back.loss_reason, back.loss_note) == (None, None, "")
    names = list(StageMove.objects.order_by("pk").values_list("to_name", flat=True))
    assert names == ["Perdue", "Piste"]


@pytest.mark.parametrize(
    ("before", "after"),
    [("prospect", "won"), ("lost", "won"), ("won", "won"), ("archived", "archived")],
)
def test_a_won_sale_makes_a_client_of_its_prospect(before, after, sale, stages, acme):
    Client.objects.filter(pk=acme.pk).update(stage=before)

    move(sale, stages["Gagnée"])

    acme.refresh_from_db()
    assert acme.stage == after


def test_the_board_moves_a_card_and_refuses_a_stale_one(sale, stages, manager, client_of):
    browser = client_of(manager)
    sent = {"card": sale.pk, "to": stages["Qualifiée"].pk, "seen": sale.version}

    moved = browser.post(BOARD, sent, headers=AJAX)
    stale = browser.post(BOARD, {**sent, "to": stages["Gagnée"].pk}, headers=AJAX)

    assert (moved.status_code, stale.status_code) == (200, 409)
    assert "a changé entre-temps" in stale.content.decode()
    sale.refresh_from_db()
    assert (sale.stage, sale.version) == (stages["Qualifiée"], 2)
    assert StageMove.objects.get().moved_by == manager


def test_a_card_dropped_among_lost_ones_asks_for_the_reason(sale, stages, manager, client_of):
    sent = {"card": sale.pk, "to": stages["Perdue"].pk, "seen": sale.version}

    answer = client_of(manager).post(BOARD, sent, headers=AJAX)

    assert answer.status_code == 409
    assert f"/admin/snippets/crm/opportunity/perdre/{sale.pk}/" in answer.content.decode()
    sale.refresh_from_db()
    assert sale.stage == stages["Piste"]


@pytest.mark.parametrize("to", ["999999", "abc", ""])
def test_a_step_that_is_gone_is_said_so(to, sale, stages, manager, client_of):
    sent = {"card": sale.pk, "to": to, "seen": sale.version}

    answer = client_of(manager).post(BOARD, sent, headers=AJAX)

    assert answer.status_code == 409
    assert "n’existe plus" in answer.content.decode()


def test_editors_and_clients_open_no_sales(sale, stages, editor, acme_owner, client_of):
    sent = {"card": sale.pk, "to": stages["Gagnée"].pk, "seen": sale.version}

    for person in (editor, acme_owner):
        browser = client_of(person)
        assert browser.get(BOARD).status_code in (302, 403)
        assert browser.post(BOARD, sent).status_code in (302, 403)
        assert browser.get("/admin/commercial/relances/").status_code in (302, 403)
        assert browser.get("/admin/commercial/prospects/nouveau/").status_code in (302, 403)

    sale.refresh_from_db()
    assert sale.stage == stages["Piste"]


def test_the_board_filters_by_owner_source_score_text_and_follow_up(
    make_sale, manager, rival, client_of
):
    kept = make_sale("Boutique", owner=manager, source="tender", score=80, client=rival)
    make_sale("Autre")
    browser = client_of(manager)

    for query in (f"owner={manager.pk}", "source=tender", "score_min=70", "q=rival", "q=boutiq"):
        page = browser.get(f"{BOARD}?{query}")
        cards = [card.pk for lane in page.context["lanes"] for card in lane.cards]
        assert cards == [kept.pk], query
    nonsense = browser.get(f"{BOARD}?owner=abc&score_min=x&due=z&source=y")
    assert sum(lane.total for lane in nonsense.context["lanes"]) == 2


def test_columns_add_up_and_the_forecast_weighs_them(make_sale, stages):
    make_sale(amount=1_000_001)
    make_sale(amount=3_000_000, stage="Qualifiée")
    make_sale(amount=100_000, stage="Qualifiée", currency="EUR")
    make_sale(amount=9_000_000, stage="Gagnée")
    make_sale()

    sums = queries.sums_by_stage(Opportunity.objects.all())

    qualified = sums[stages["Qualifiée"].pk]
    assert (qualified.count, qualified.amounts) == (2, (("EUR", 100_000), ("XOF", 3_000_000)))
    assert queries.forecast(stages.values(), sums) == {"XOF": 1_700_000, "EUR": 50_000}


def test_the_board_asks_as_many_questions_for_1_and_for_30_cards(
    make_sale, manager, client_of, django_assert_max_num_queries
):
    make_sale(owner=manager)
    browser = client_of(manager)
    browser.get(BOARD)
    for number in range(30):
        make_sale(f"Vente {number}", owner=manager)

    with django_assert_max_num_queries(22):
        browser.get(BOARD)


def test_a_step_in_use_is_emptied_before_it_goes(make_sale, stages, manager, client_of):
    sale, other = make_sale(), stages["Qualifiée"]
    browser, stage = client_of(manager), stages["Piste"]

    refused = browser.post(f"/admin/snippets/crm/pipelinestage/delete/{stage.pk}/")
    page = browser.get(refused.url)
    sent = {"to": other.pk, "and_delete": "on"}
    browser.post(f"/admin/snippets/crm/pipelinestage/vider/{stage.pk}/", sent)

    assert refused.url.endswith(f"/vider/{stage.pk}/")
    assert "« Refonte du site » (Acme Distribution)" in page.content.decode()
    sale.refresh_from_db()
    assert sale.stage == other
    assert StageMove.objects.get().note == "L’étape « Piste » a été vidée."
    assert not PipelineStage.objects.filter(pk=stage.pk).exists()


def test_a_step_is_not_emptied_into_one_of_another_nature(sale, stages):
    with pytest.raises(services.CannotMove):
        services.empty_stage(stage=stages["Piste"], to=stages["Gagnée"], actor=None, at=AT)

    sale.refresh_from_db()
    assert sale.stage == stages["Piste"]


def test_the_last_step_of_its_nature_stays(stages, manager, client_of):
    won = stages["Gagnée"]

    client_of(manager).post(f"/admin/snippets/crm/pipelinestage/delete/{won.pk}/")

    assert PipelineStage.objects.filter(pk=won.pk).exists()


def test_ten_leads_and_one_client_convert_at_ten_percent(make_sale):
    for number in range(9):
        make_sale(f"Piste {number}")
    make_sale("Signée", stage="Gagnée")

    found = sales_figures(timezone.now())

    assert (found.leads, found.won, found.conversion) == (10, 1, 10)


@pytest.mark.parametrize(
    ("leads", "won", "shown"), [(0, 0, None), (3, 1, 33), (3, 2, 67), (8, 1, 13)]
)
def test_conversion_is_rounded_and_absent_without_leads(leads, won, shown):
    assert SalesFigures(leads=leads, quotes=0, won=won).conversion == shown
