"""Calling again: done, put off, clicked twice, too late."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.hooks import team_alerts
from portal.crm import services
from portal.crm.models import FollowUp
from tests.conftest import AT, ON

PAGE = "/admin/commercial/relances/"


def finish(sale, **values):
    return services.finish_follow_up(opportunity=sale, actor=None, at=AT, on=ON, **values)


def test_a_follow_up_that_is_made_is_kept_and_the_next_one_planned(sale, manager):
    next_on = ON + timedelta(days=3)

    services.finish_follow_up(
        opportunity=sale,
        actor=manager,
        at=AT,
        on=ON,
        note="Attend le devis",
        next_on=next_on,
        next_step="Envoyer le devis",
    )

    kept = FollowUp.objects.get()
    facts = (kept.outcome, kept.due_on, kept.step, kept.note, kept.next_on, kept.made_by)
    assert facts == ("done", ON, "Rappeler le directeur", "Attend le devis", next_on, manager)
    sale.refresh_from_db()
    assert (sale.follow_up_date, sale.next_step) == (next_on, "Envoyer le devis")


def test_a_second_click_changes_nothing_more(sale):
    finish(sale, due=ON)

    with pytest.raises(services.FollowUpRefused, match="déjà été faite"):
        finish(sale, due=ON)

    assert FollowUp.objects.count() == 1


def test_a_follow_up_is_put_off_with_what_is_to_do(sale):
    to = ON + timedelta(days=7)

    services.postpone_follow_up(opportunity=sale, to=to, actor=None, at=AT, on=ON, due=ON)

    sale.refresh_from_db()
    assert (sale.follow_up_date, sale.next_step) == (to, "Rappeler le directeur")
    assert FollowUp.objects.get().outcome == "postponed"


def test_a_day_in_the_past_is_refused(sale):
    past = ON - timedelta(days=1)

    with pytest.raises(services.FollowUpRefused, match="à venir"):
        finish(sale, next_on=past)
    with pytest.raises(services.FollowUpRefused, match="à venir"):
        services.plan_follow_up(opportunity=sale, to=past, step="", actor=None, on=ON)

    sale.refresh_from_db()
    assert sale.follow_up_date == ON
    assert not FollowUp.objects.exists()


def test_one_click_from_the_page_of_follow_ups(make_sale, manager, client_of):
    today = timezone.localdate()
    late = make_sale(follow_up_date=today - timedelta(days=2))
    browser = client_of(manager)
    sent = {"card": late.pk, "to": "relance-semaine", "due": late.follow_up_date.isoformat()}

    page = browser.get(PAGE)
    browser.post(PAGE, sent)
    again = browser.post(PAGE, sent, follow=True)

    assert [group[0] for group in page.context["groups"]] == ["En retard"]
    late.refresh_from_db()
    assert late.follow_up_date == today + timedelta(days=7)
    assert "déjà été faite ou déplacée" in again.content.decode()


def test_follow_ups_of_today_and_late_ones_are_alerts(make_sale, manager, editor, rf):
    today = timezone.localdate()
    make_sale("En retard", follow_up_date=today - timedelta(days=1))
    make_sale("Du jour", follow_up_date=today)
    make_sale("À venir", follow_up_date=today + timedelta(days=1))
    make_sale("Close", stage="Gagnée", follow_up_date=today, closed_at=AT)
    request, other = rf.get("/admin/"), rf.get("/admin/")
    request.user, other.user = manager, editor

    kind = next(one for one in team_alerts(request) if one.kind == "sales-follow-up")

    titles = [alert.title for alert in kind.rows(10)]
    expected = ["En retard", "Du jour"]
    assert titles == [f"Relancer Acme Distribution : {title}" for title in expected]
    assert kind.total.count() == 2
    assert "sales-follow-up" not in [one.kind for one in team_alerts(other)]


def test_sales_of_a_closed_account_are_to_be_given_to_somebody(make_sale, make_user, manager, rf):
    gone = make_user(is_staff=True, is_active=False)
    left = make_sale("Orpheline", owner=gone)
    request = rf.get("/admin/")
    request.user = manager

    kind = next(one for one in team_alerts(request) if one.kind == "sales-left")
    services.assign_opportunity(opportunity=left, owner=manager, actor=None)

    assert kind.total.count() == 0
    left.refresh_from_db()
    assert left.owner == manager
