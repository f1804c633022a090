"""What a project used of its budget, to the franc."""

from datetime import date

import pytest

from core import rls
from core.hooks import HourRate
from portal.projects.models import TimeEntry
from portal.steering.reading.dangers import over_budget
from portal.steering.reading.spending import Budget, Spending, budgets_of, share, spending_of
from portal.steering.screens.gauges import gauges_of

ON = date(2026, 11, 20)


@pytest.fixture
def spend(owner_staff):
    def make(project, minutes=0, cost=0, user=None, on=ON):
        with rls.staff("test world"):
            return TimeEntry.objects.create(
                project=project, user=user or owner_staff, spent_on=on, minutes=minutes, cost=cost
            )

    return make


@pytest.fixture
def rate(db):
    from billing.sources.models import RateCard

    def make(amount, **fields):
        return RateCard.objects.create(hourly_rate=amount, **fields)

    return make


def test_four_hundred_thousand_of_a_million_is_forty_percent(acme, make_project, spend, rate, team):
    project = make_project(acme, budget=1_000_000)
    rate(20_000)
    spend(project, minutes=600, cost=0)
    spend(project, cost=200_000)

    [gauge] = [one for one in gauges_of(project, ON) if one.share == 40]

    assert budgets_of([project])[project.pk].spending == Spending(600, 200_000, 200_000)
    assert (gauge.width, gauge.tone, gauge.alert) == (40, "", "")
    assert over_budget() == []


def test_above_the_budget_an_alert_shows(acme, make_project, spend, team):
    project = make_project(acme, budget=1_000_000)
    spend(project, cost=1_000_001)

    [gauge] = [one for one in gauges_of(project, ON) if one.share == 100]

    assert gauge.tone == "bad"
    assert "dépassé" in str(gauge.alert)
    assert [pk for pk, _budget in over_budget()] == [project.pk]


def test_hours_too_may_be_exceeded(acme, make_project, spend, team):
    kept = make_project(acme, "Tenu", budget_hours=10)
    exceeded = make_project(acme, "Dépassé", budget_hours=10)
    spend(kept, minutes=600)
    spend(exceeded, minutes=601)

    assert [pk for pk, _budget in over_budget()] == [exceeded.pk]


@pytest.mark.parametrize(
    ("budget", "used", "tone"),
    [
        (Budget(1_000_000, None, Spending(0, 799_999, 0)), 80, "warn"),
        (Budget(1_000_000, None, Spending(0, 794_999, 0)), 79, ""),
        (Budget(1_000_000, None, Spending(0, 1_000_000, 0)), 100, "warn"),
        (Budget(1_000_000, None, Spending(0, 1_000_001, 0)), 100, "bad"),
        (Budget(None, 10, Spending(660, 0, 0)), 110, "bad"),
        (Budget(None, None, Spending(660, 5, 0)), None, ""),
        (Budget(0, 0, Spending(0, 0, 0)), None, ""),
    ],
)
def test_a_budget_warns_from_eighty_percent_and_once_exceeded(budget, used, tone):
    assert (budget.used, budget.tone) == (used, tone)


def test_a_share_rounds_halves_up():
    assert (share(1, 200), share(1, 201), share(5, None)) == (1, 0, None)


def test_the_closest_rate_is_that_of_billing(acme, make_project, spend, rate, make_user, team):
    from billing.sources.hours import Rate, rate_of

    project, other = make_project(acme, "Un"), make_project(acme, "Deux")
    person = make_user(is_staff=True)
    cards = [
        rate(10_000),
        rate(12_000, valid_from=date(2026, 11, 1)),
        rate(20_000, user=person),
        rate(30_000, project=project),
        rate(40_000, project=project, user=person, valid_from=date(2026, 11, 10)),
    ]
    plain = [Rate(int(c.hourly_rate), c.project_id, c.user_id, c.valid_from) for c in cards]
    days = (date(2026, 10, 5), date(2026, 11, 5), date(2026, 11, 15))

    for where in (project, other):
        for day in days:
            spend(where, minutes=60, user=person, on=day)
    found = spending_of([project.pk, other.pk])

    for where in (project, other):
        expected = sum(
            rate_of(plain, project_id=where.pk, user_id=person.pk, on=day) for day in days
        )
        assert found[where.pk].worth == expected


def test_a_rate_of_another_currency_does_not_count(acme, make_project, spend, team):
    from portal.steering.reading import spending

    project = make_project(acme, currency="EUR")
    spend(project, minutes=90)
    rows = spending.summed(TimeEntry.objects.all(), [HourRate(10_000, "XOF"), HourRate(50, "EUR")])

    assert [spending.spending(row).worth for row in rows] == [75]
