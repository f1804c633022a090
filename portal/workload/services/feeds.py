"""Dates of the team: what falls on a day, and the private address that gives them to calendars."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.log import record
from core.hooks import CalendarEntry, CalendarWish, calendar_sources
from portal.projects.models import Milestone, Task
from portal.workload.icalendar import Event, written
from portal.workload.models import CalendarLink

TOKEN_BYTES = 32
HINT = 6
MOST_ENTRIES = 2000
BEHIND, AHEAD = timedelta(days=31), timedelta(days=366)


def task_entries(first: date, last: date, wish: CalendarWish) -> Sequence[CalendarEntry]:
    """Return the tasks due between two days. One query."""
    today = timezone.localdate()
    rows = Task.objects.filter(due_date__gte=first, due_date__lte=last, archived_at=None)
    rows = _narrowed(rows, wish, Q(assignee_id=wish.person_id))
    rows = rows.select_related("project").only(
        "title", "due_date", "status", "version", "project__title"
    )
    return [
        CalendarEntry(
            on=task.due_date,
            key=task.pk,
            title=task.title,
            url=reverse("wagtailsnippets_projects_task:inspect", args=[task.pk]),
            detail=task.project.title,
            tone="ok" if task.is_done else ("bad" if task.due_date < today else ""),
            mark=_("Terminée") if task.is_done else (_late(task.due_date, today)),
            seen=task.version,
        )
        for task in rows.order_by("due_date", "-priority", "pk")[:MOST_ENTRIES]
        if task.due_date is not None
    ]


def milestone_entries(first: date, last: date, wish: CalendarWish) -> Sequence[CalendarEntry]:
    """Return the milestones due between two days. One query."""
    today = timezone.localdate()
    rows = Milestone.objects.filter(due_date__gte=first, due_date__lte=last)
    rows = _narrowed(rows, wish, Q(project__team__user_id=wish.person_id))
    rows = rows.select_related("project").only("title", "due_date", "status", "project__title")
    return [
        CalendarEntry(
            on=row.due_date,
            key=row.pk,
            title=row.title,
            url=reverse("wagtailsnippets_projects_milestone:inspect", args=[row.pk]),
            detail=row.project.title,
            tone="ok" if row.status == "done" else ("bad" if row.due_date < today else ""),
            mark=_("Terminé") if row.status == "done" else _late(row.due_date, today),
        )
        for row in rows.order_by("due_date", "pk")[:MOST_ENTRIES]
        if row.due_date is not None
    ]


@transaction.atomic
def make_link(*, user: Any, at: datetime) -> str:
    """Make the private address of somebody's calendar; return its token, shown this once.

    The former address opens nothing from now on.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    facts = {
        "token_hash": hash_of(token),
        "hint": token[:HINT],
        "made_at": at,
        "read_on": None,
    }
    CalendarLink.objects.update_or_create(user=user, defaults=facts)
    record("calendar_link_made", user, actor=user)
    return token


@transaction.atomic
def end_link(*, user: Any) -> None:
    """Have the address of somebody's calendar open nothing."""
    deleted, _rows = CalendarLink.objects.filter(user=user).delete()
    if deleted:
        record("calendar_link_ended", user, actor=user)


def hash_of(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def owner_of(token: str, *, on: date) -> Any:
    """Return the person whose calendar a token opens, while they are of the team; else None."""
    link = CalendarLink.objects.filter(token_hash=hash_of(token)).first()
    if link is None:
        return None
    people = get_user_model().objects.filter(pk=link.user_id, is_active=True, is_staff=True)
    person = people.first()
    if person is not None and link.read_on != on:
        CalendarLink.objects.filter(pk=link.pk).update(read_on=on)
    return person


def feed_of(person: Any, *, base: str, at: datetime) -> str:
    """Return the dates of somebody as an iCalendar text; run in the team's scope.

    `base` is the address of the site, before the paths of the pages.
    """
    today = timezone.localdate(at)
    wish = CalendarWish(person_id=person.pk)
    events = [
        Event(
            uid=f"{source.key}-{entry.key}@nourx",
            on=entry.on,
            title=str(entry.title),
            detail=str(entry.detail),
            url=base + entry.url,
        )
        for source in calendar_sources(person)
        for entry in source.find(today - BEHIND, today + AHEAD, wish)
    ]
    return written(_("NOURX, %(person)s") % {"person": person}, events, at)


def _narrowed(rows: Any, wish: CalendarWish, of_person: Q) -> Any:
    if wish.person_id is not None:
        rows = rows.filter(of_person)
    if wish.project_id is not None:
        rows = rows.filter(project_id=wish.project_id)
    return rows.filter(client_id=wish.client_id) if wish.client_id is not None else rows


def _late(due: date, today: date) -> str:
    return _("En retard") if due < today else ""
