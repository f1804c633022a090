"""The delays we promised on tickets: when they end in working hours, and a word before they do."""

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from core import rls
from core.audit.log import record
from core.notify.mail import owe_mail
from portal.support.models import BusinessCalendar, SlaPolicy, Ticket

WARNED_AT = 0.8  # of the promised delay
LONGEST_DELAY = timedelta(days=400)


def working_time(calendar: BusinessCalendar, start: datetime, end: datetime) -> timedelta:
    """Return how long we were open between two moments."""
    total, day = timedelta(), timezone.localdate(start)
    while day <= timezone.localdate(end) and end - start < LONGEST_DELAY:
        if str(day.isoweekday()) in calendar.weekdays:
            opens = timezone.make_aware(datetime.combine(day, calendar.opens_at))
            closes = timezone.make_aware(datetime.combine(day, calendar.closes_at))
            total += max(min(closes, end) - max(opens, start), timedelta())
        day += timedelta(days=1)
    return total


def end_of_delay(calendar: BusinessCalendar, start: datetime, hours: int) -> datetime:
    """Return when so many working hours will have passed."""
    left, day = timedelta(hours=hours), timezone.localdate(start)
    for _rank in range(LONGEST_DELAY.days):
        if str(day.isoweekday()) in calendar.weekdays:
            opens = timezone.make_aware(datetime.combine(day, calendar.opens_at))
            closes = timezone.make_aware(datetime.combine(day, calendar.closes_at))
            begin = max(opens, start)
            if closes > begin and closes - begin >= left:
                return begin + left
            left -= max(closes - begin, timedelta())
        day += timedelta(days=1)
    return start + LONGEST_DELAY


def promise(ticket: Ticket, *, at: datetime) -> None:
    """Write on a new ticket the delays of its policy, or of the first one we have."""
    policies = SlaPolicy.objects.select_related("calendar").order_by("pk")
    sla = policies.filter(pk=ticket.sla_id or 0).first() or policies.first()
    if sla is not None:
        ticket.sla = sla
        ticket.answer_due_at = end_of_delay(sla.calendar, at, sla.first_answer_hours)
        ticket.solution_due_at = end_of_delay(sla.calendar, at, sla.solution_hours)


def promise_solution_again(ticket: Ticket, *, at: datetime) -> None:
    """Promise a solution anew on a ticket that is opened again."""
    if ticket.sla is not None:
        calendar, hours = ticket.sla.calendar, ticket.sla.solution_hours
        ticket.solution_due_at = end_of_delay(calendar, at, hours)


def remind_of_delays(*, at: datetime) -> int:
    """Tell whoever follows a ticket that most of its delay has passed, once. Return how many."""
    over = (Ticket.Status.SOLVED, Ticket.Status.CLOSED)
    with rls.staff("support: remind of promised delays"):
        rows = Ticket.objects.filter(reminded_at=None, sla__isnull=False).exclude(status__in=over)
        ids = list(rows.order_by("pk").values_list("pk", flat=True)[:1000])
        return sum(_remind(ticket_id, at) for ticket_id in ids)


@transaction.atomic
def _remind(ticket_id: int, at: datetime) -> bool:
    rows = Ticket.objects.select_for_update(of=("self",)).filter(pk=ticket_id, reminded_at=None)
    ticket = rows.select_related("sla__calendar", "assignee", "client__company__lead").first()
    if ticket is None or ticket.sla is None:
        return False
    passed = working_time(ticket.sla.calendar, ticket.created_at, at)
    if passed < timedelta(hours=ticket.sla.solution_hours) * WARNED_AT:
        return False
    person = ticket.assignee or ticket.client.company.lead
    if person is None:
        return False
    ticket.reminded_at = at
    ticket.save(update_fields=["reminded_at"])
    owe_mail(
        "support/delay",
        key=f"sla:{ticket.pk}",
        to=[person.email],
        context={
            "number": ticket.number,
            "subject": ticket.subject,
            "client": ticket.client.name,
            "due_at": ticket.solution_due_at,
            "path": reverse("wagtailsnippets_support_ticket:inspect", args=[ticket.pk]),
        },
        client_id=ticket.client_id,
    )
    record("ticket_reminded", ticket, number=ticket.number)
    return True
