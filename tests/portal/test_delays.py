"""Delays promised on tickets, in working hours."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from core.notify.models import OutgoingMail
from portal.support.delays import end_of_delay, remind_of_delays, working_time
from portal.support.models import BusinessCalendar, SlaPolicy, Ticket

FRIDAY_16H = timezone.make_aware(datetime(2026, 11, 20, 16))
MONDAY_9H = timezone.make_aware(datetime(2026, 11, 23, 9))


@pytest.fixture
def calendar(db):
    return BusinessCalendar.objects.create(name="Semaine")


@pytest.fixture
def ticket(calendar, acme, manager, team):
    """A ticket opened on a Friday at four, to be solved within ten working hours."""
    sla = SlaPolicy.objects.create(name="Maintenance", calendar=calendar, solution_hours=10)
    ticket = Ticket.objects.create(
        client=acme, number="T-1", subject="Panne", sla=sla, assignee=manager
    )
    Ticket.objects.filter(pk=ticket.pk).update(created_at=FRIDAY_16H)
    return ticket


def test_nights_and_week_ends_do_not_count(calendar):
    assert working_time(calendar, FRIDAY_16H, MONDAY_9H) == timedelta(hours=3)


def test_a_delay_ends_on_a_working_day(calendar):
    assert end_of_delay(calendar, FRIDAY_16H, 3) == MONDAY_9H


def test_a_ticket_is_reminded_once_at_four_fifths_of_its_delay(ticket, manager):
    early = remind_of_delays(at=FRIDAY_16H + timedelta(days=3, hours=-3))
    told = remind_of_delays(at=MONDAY_9H + timedelta(hours=5))
    again = remind_of_delays(at=MONDAY_9H + timedelta(hours=6))

    mail = OutgoingMail.objects.get()
    assert (early, told, again) == (0, 1, 0)
    assert (mail.recipients, mail.subject) == ([manager.email], "T-1 : le délai promis approche")


def test_a_solved_ticket_is_left_alone(ticket):
    Ticket.objects.filter(pk=ticket.pk).update(status=Ticket.Status.SOLVED)

    assert remind_of_delays(at=MONDAY_9H + timedelta(days=2)) == 0
    assert not OutgoingMail.objects.exists()
