"""The queue, the promises and the opinions in figures."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.hooks import search_sources, team_alerts, team_figures
from portal.support.figures import mean_times, opinions, promises_by, rate
from portal.support.models import BusinessCalendar, SlaPolicy, Ticket
from portal.support.screens.report import period_of, spent
from portal.support.screens.words import duration

pytestmark = pytest.mark.usefixtures("team")


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def period():
    today = timezone.localdate()
    return period_of(today - timedelta(days=30), today)


@pytest.fixture
def make(acme, now):
    """Return a function that makes a ticket opened three hours ago."""
    numbers = iter(range(1, 10_000))

    def make(**fields):
        opened = fields.pop("created_at", now - timedelta(hours=3))
        values = {"client": acme, "number": f"T-{next(numbers)}", "subject": "Panne"} | fields
        row = Ticket.objects.create(**values)
        Ticket.objects.filter(pk=row.pk).update(created_at=opened)
        return row

    return make


def test_two_requests_solved_in_two_and_four_hours_make_three(make, now):
    for hours in (2, 4):
        opened = now - timedelta(days=1)
        solved = opened + timedelta(hours=hours)
        make(status="solved", created_at=opened, solved_at=solved, answered_at=solved)

    answer, solution = mean_times(Ticket.objects.all())

    assert (answer, solution) == (timedelta(hours=3), timedelta(hours=3))
    assert spent(solution) == "3 h"


def test_promises_are_counted_by_policy_and_a_merged_request_is_not(make, now, period, acme):
    calendar = BusinessCalendar.objects.create(name="Semaine")
    sla = SlaPolicy.objects.create(name="Maintenance", calendar=calendar)
    soon, past = now + timedelta(hours=1), now - timedelta(hours=1)
    kept = {"status": "solved", "solved_at": past, "answered_at": past}
    first = make(sla=sla, **kept, answer_due_at=soon, solution_due_at=soon)
    make(sla=sla, **kept, answer_due_at=now - timedelta(hours=2), solution_due_at=soon)
    make(sla=sla, answer_due_at=past, solution_due_at=soon, next_due_at=past, warn_at=past)
    make(sla=sla, answer_due_at=soon, solution_due_at=soon, next_due_at=soon, warn_at=past)
    make(sla=sla, status="closed", merged_into=first)

    (row,) = promises_by(period, "sla", "sla__name", now=now)

    assert (row["sla__name"], row["total"], row["late"], row["risk"]) == ("Maintenance", 4, 1, 1)
    assert (row["answers"], row["answers_met"], row["answer_rate"]) == (3, 1, 33)
    assert (row["solutions"], row["solutions_met"], row["solution_rate"]) == (2, 2, 100)


def test_a_share_is_rounded_half_up():
    assert [rate(1, 8), rate(1, 3), rate(0, 5), rate(0, 0)] == [13, 33, 0, None]


def test_opinions_have_a_mean_and_a_share(make, now, period):
    for mark in (5, 4, 1):
        make(status="solved", solved_at=now, rating=mark, rated_at=now)
    make(status="solved", solved_at=now)

    found = opinions(period)

    assert (found["mean"], found["total"], found["asked"], found["share"]) == (
        pytest.approx(10 / 3), 3, 4, 75,
    )  # fmt: skip


def test_time_left_is_said_in_days_of_work():
    day = timedelta(hours=8, minutes=30)

    said = [duration(timedelta(minutes=n), day) for n in (35, 200, 240, 510, 750)]

    assert said == ["35 min", "3 h 20", "4 h", "1 j", "1 j 4 h"]


@pytest.mark.parametrize(
    ("query", "subjects"),
    [
        ("", ["En retard", "Bientôt", "Attend"]),
        ("?vue=retard", ["En retard"]),
        ("?vue=attente", ["Attend"]),
        ("?vue=libres", ["En retard", "Bientôt", "Attend"]),
        ("?vue=moi", []),
        ("?delai=risk", ["Bientôt"]),
        ("?delai=paused", ["Attend"]),
        ("?priority=3", ["Bientôt"]),
        ("?q=finie", ["Finie"]),
        ("?q=acme&status=solved", ["Finie"]),
        ("?vue=toutes", ["En retard", "Bientôt", "Attend", "Finie"]),
    ],
)
def test_the_queue_shows_what_is_asked_most_pressing_first(
    query, subjects, make, now, manager, client_of
):
    make(subject="Attend", status="waiting", paused_at=now, solution_due_at=now)
    make(subject="Bientôt", priority=3, next_due_at=now + timedelta(hours=1), warn_at=now)
    make(subject="En retard", next_due_at=now - timedelta(hours=1), warn_at=now, priority=1)
    make(subject="Finie", status="solved", solved_at=now, priority=1)

    page = client_of(manager).get(reverse("wagtailsnippets_support_ticket:list") + query)

    assert [row.subject for row in page.context["page_obj"].object_list] == subjects


def test_the_queue_asks_the_same_of_one_row_and_of_forty(make, now, manager, client_of):
    calendar = BusinessCalendar.objects.create(name="Semaine")
    sla = SlaPolicy.objects.create(name="Maintenance", calendar=calendar)
    browser, address = client_of(manager), reverse("wagtailsnippets_support_ticket:list")
    asked = []
    for many in (1, 39):
        for _row in range(many):
            make(sla=sla, assignee=manager, solution_due_at=now, next_due_at=now)
        browser.get(address)
        with CaptureQueriesContext(connection) as queries:
            browser.get(address)
        asked.append(len(queries))

    assert asked[0] == asked[1]


def test_a_broken_promise_is_an_alert_until_it_is_solved(make, now, manager, rf):
    late = make(next_due_at=now - timedelta(hours=1), solution_due_at=now - timedelta(hours=1))
    request = rf.get("/admin/")
    request.user = manager

    (kind,) = [one for one in team_alerts(request) if one.kind == "sla-late"]
    shown = [alert.title for alert in kind.rows(5)]
    figures = [figure.value for figure in team_figures(request) if figure.group == "support"]
    Ticket.objects.filter(pk=late.pk).update(status="solved", next_due_at=None)

    assert shown == ["T-1 · Panne"]
    assert list(kind.rows(5)) == []
    assert figures == [1]


def test_the_search_finds_a_request_by_its_number_and_its_words(make, manager, rf):
    make(subject="Frais de livraison à Bouaké")
    request = rf.get("/admin/")
    request.user = manager
    (source,) = [one for one in search_sources(request) if one.key == "tickets"]

    assert [hit.title for hit in source.find("bouake", 5)] == ["T-1 · Frais de livraison à Bouaké"]
    assert len(source.find("T-1", 5)) == 1


@pytest.mark.parametrize("name", ["support_sla", "support_csat"])
def test_figures_open_and_leave_as_sheets(name, make, now, manager, client_of):
    make(status="solved", solved_at=now, rating=1, rated_at=now, subject="=A1")
    browser = client_of(manager)

    page = browser.get(reverse(name))
    sheet = b"".join(browser.get(reverse(name) + "?export=csv").streaming_content)
    wrong = browser.get(reverse(name) + "?du=02/02/2026&au=01/01/2026")

    assert page.status_code == wrong.status_code == 200
    assert "La fin vient avant le début." in wrong.content.decode()
    assert b";" in sheet
    assert b";=A1" not in sheet
