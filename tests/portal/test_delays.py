"""Delays promised on tickets: which policy holds, pauses, changed hours, alerts, escalation."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from core.notify.models import OutgoingMail, TeamNotice
from core.outbox.models import OwedWork
from core.workdays.models import Holiday
from portal.support import services
from portal.support.clocks import choose_policy, due_over, state_of_clock, stretches
from portal.support.delays import end_of_delay, recompute, week_of, working_time
from portal.support.models import BusinessCalendar, SlaPolicy, Ticket
from portal.support.recomputing import preview, recompute_batch
from portal.support.watch import watch_delays


def at(day, hour, minute=0, month=11, year=2026):
    return timezone.make_aware(datetime(year, month, day, hour, minute))


FRIDAY_16H = at(20, 16)
MONDAY_9H = at(23, 9)


@pytest.fixture
def calendar(db):
    return BusinessCalendar.objects.create(name="Semaine")  # 8 h to 18 h, Monday to Friday


@pytest.fixture
def sla(calendar, team):
    """Four hours to answer, two days of ten hours to solve."""
    return SlaPolicy.objects.create(name="Maintenance", calendar=calendar)


@pytest.fixture
def open_at(sla, acme, acme_owner):
    """Return a function that opens a request of Acme's at a moment."""

    def make(moment, **fields):
        values = {"subject": "Panne", "body": "Rien ne va.", "priority": 2, "project": None}
        return services.open_ticket(
            client_id=acme.pk, actor=acme_owner, at=moment, **(values | fields)
        )

    return make


def answer(ticket, actor, moment, status="taken"):
    services.answer_as_team(
        ticket=ticket, body="Vu.", is_internal=False, status=status, actor=actor, at=moment
    )
    ticket.refresh_from_db()


def policy(**fields):
    fields.setdefault("pk", 1)
    return SlaPolicy(name="P", **fields)


# --- Which policy holds -------------------------------------------------------------------------


def test_a_new_maintenance_request_carries_its_four_hours_and_two_days(calendar, open_at):
    SlaPolicy.objects.create(name="Entretien", calendar=calendar, kind="upkeep", solution_in=1)

    plain, upkeep = open_at(at(18, 9)), open_at(at(18, 9), kind="upkeep")

    assert (plain.sla.name, plain.answer_due_at, plain.solution_due_at) == (
        "Maintenance", at(18, 13), at(19, 19) - timedelta(hours=1) + timedelta(days=1, hours=-9),
    )  # fmt: skip
    assert (upkeep.sla.name, upkeep.solution_due_at) == ("Entretien", at(19, 9))


def test_the_most_precise_policy_wins():
    ticket = Ticket(client_id=5, project_id=7, kind="incident", priority=3)
    general, kind = policy(pk=1), policy(pk=2, kind="incident")
    client, project = policy(pk=3, for_client_id=5), policy(pk=4, for_project_id=7)
    other, old = policy(pk=5, for_client_id=6), policy(pk=6, for_project_id=7, is_active=False)

    assert choose_policy([general, kind, other], ticket) is kind
    assert choose_policy([general, kind, client, other], ticket) is client
    assert choose_policy([general, kind, client, project, old], ticket) is project
    assert choose_policy([other, old], ticket) is None


def test_a_calendar_that_never_opens_promises_nothing(calendar, open_at):
    BusinessCalendar.objects.filter(pk=calendar.pk).update(hours={})

    ticket = open_at(at(18, 9))

    assert (ticket.answer_due_at, ticket.solution_due_at, ticket.next_due_at) == (None, None, None)


def test_a_day_off_by_decree_moves_a_promise_and_a_worked_holiday_does_not(calendar):
    Holiday.objects.create(on=date(2026, 11, 23), name="Décret", is_off=True)
    Holiday.objects.create(on=date(2026, 12, 25), name="Noël travaillé", is_off=False)
    week = week_of(calendar)

    assert end_of_delay(week, FRIDAY_16H, timedelta(hours=3)) == at(24, 9)
    assert working_time(week, at(25, 8, month=12), at(25, 18, month=12)) == timedelta(hours=10)


# --- Pauses -------------------------------------------------------------------------------------


def test_waiting_for_the_client_stops_the_clock(open_at, manager, acme_owner):
    ticket = open_at(at(18, 9))
    answer(ticket, manager, at(18, 11), status="waiting")
    stopped = (ticket.next_due_at, state_of_clock(ticket, at(30, 9)))

    services.answer_as_client(ticket=ticket, body="Voici.", actor=acme_owner, at=at(23, 9))
    ticket.refresh_from_db()

    assert stopped == (None, "paused")
    assert ticket.paused_at is None
    assert ticket.solution_due_at == at(24, 17)  # eighteen working hours were left
    assert ticket.next_due_at == ticket.solution_due_at


def test_dates_kept_step_by_step_are_those_read_from_the_history(open_at, sla, manager, acme_owner):
    ticket = open_at(at(18, 9))
    answer(ticket, manager, at(18, 11), status="waiting")
    services.answer_as_client(ticket=ticket, body="Voici.", actor=acme_owner, at=at(23, 9))
    ticket.refresh_from_db()
    kept = ticket.solution_due_at

    moved = recompute(ticket, sla, week_of(sla.calendar), at=at(23, 10))

    assert (moved, ticket.solution_due_at) == (False, kept)


def test_a_request_opened_again_is_promised_a_solution_anew(open_at, manager, acme_owner):
    ticket = open_at(at(18, 9))
    answer(ticket, manager, at(18, 11), status="solved")

    services.answer_as_client(ticket=ticket, body="Encore.", actor=acme_owner, at=MONDAY_9H)
    ticket.refresh_from_db()

    assert ticket.solution_due_at == at(24, 19) + timedelta(days=1, hours=-10)
    assert ticket.next_due_at == ticket.solution_due_at


def test_only_stretches_in_our_hands_count(calendar):
    week = week_of(calendar)
    events = [(at(18, 9), "open"), (at(18, 11), "waiting"), (at(20, 9), "taken")]

    ran = stretches(at(18, 9), events)

    assert ran == [(at(18, 9), at(18, 11)), (at(20, 9), None)]
    assert due_over(week, ran, timedelta(hours=4), now=at(20, 9)) == at(20, 11)


# --- What changes while requests are open -------------------------------------------------------


def test_a_changed_calendar_moves_open_promises_but_not_what_has_passed(open_at, calendar, manager):
    now = timezone.now()
    SlaPolicy.objects.update(solution_in=20, solution_unit="h")
    late = open_at(now - timedelta(days=30))
    fresh = open_at(now + timedelta(days=1))
    before = {row.pk: row.solution_due_at for row in (late, fresh)}
    calendar.hours = {str(day): [[540, 660]] for day in range(1, 8)}
    calendar.save()

    counted = preview(calendar_id=calendar.pk)
    recompute_batch({"calendar": calendar.pk, "policy": None, "after": 0, "run": "x"})

    late.refresh_from_db()
    fresh.refresh_from_db()
    assert counted == (2, 1)
    assert late.solution_due_at == before[late.pk]
    assert fresh.solution_due_at > before[fresh.pk]
    assert fresh.next_due_at == fresh.answer_due_at


def test_a_holiday_that_is_corrected_owes_new_dates(sla, open_at):
    Holiday.objects.create(on=date(2026, 11, 23), name="Décret")

    assert OwedWork.objects.filter(topic="support.recompute").count() == 1


# --- Alerts and escalation ----------------------------------------------------------------------


def test_a_near_delay_is_told_once_and_a_passed_one_escalates(open_at, manager):
    ticket = open_at(at(18, 9))  # an answer is due at 13 h: the warning is at 12 h 12
    Ticket.objects.update(assignee=manager)
    OutgoingMail.objects.all().delete()

    told = [watch_delays(at=moment) for moment in (at(18, 12), at(18, 12, 15), at(18, 12, 30))]
    mail = OutgoingMail.objects.get(template="support/delay")
    told += [watch_delays(at=moment) for moment in (at(18, 13), at(18, 14))]

    ticket.refresh_from_db()
    assert told == [0, 1, 0, 1, 0]
    assert (mail.recipients, mail.subject) == ([manager.email], "T-1 : le délai promis approche")
    assert (ticket.level, ticket.priority) == (1, 3)
    assert list(
        ticket.events.filter(is_internal=True).order_by("pk").values_list("kind", flat=True)
    ) == ["late", "escalated"]
    assert TeamNotice.objects.filter(user=manager, event="ticket_late").count() == 1


def test_a_late_answer_that_comes_leaves_the_solution_to_watch(open_at, manager):
    ticket = open_at(at(18, 9))
    watch_delays(at=at(18, 13))
    answer(ticket, manager, at(18, 15))

    assert ticket.check_at == at(19, 14) + timedelta(hours=1)
    assert state_of_clock(ticket, at(18, 15)) == "ok"


def test_a_solved_request_is_left_alone(open_at, manager):
    ticket = open_at(at(18, 9))
    answer(ticket, manager, at(18, 10), status="solved")
    OutgoingMail.objects.all().delete()

    assert watch_delays(at=at(25, 9)) == 0
    assert not OutgoingMail.objects.exists()
