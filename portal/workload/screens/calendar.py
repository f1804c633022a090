"""The calendar of the team: tasks, milestones and whatever modules put there, by month or week."""

from calendar import Calendar
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from core.access.row_guard import policy_of
from core.backoffice import menu
from core.hooks import CalendarEntry, CalendarSource, CalendarWish, calendar_sources
from core.ui.formats import date_long, date_weekday
from portal.projects.admin_screens.task_filters import team_members
from portal.projects.models import Project, Task
from portal.projects.services.tasks import StaleTask
from portal.projects.services.team_tasks import change_task
from portal.workload.calendar_days import days_off
from portal.workload.models import CalendarLink
from portal.workload.screens.parts import TeamPage, day_of, key_of, monday_of
from portal.workload.services import feeds

MONTH, WEEK = "mois", "semaine"
MOST_OF_A_DAY = 60


@dataclass(frozen=True)
class Shown:
    """An entry of a day, and the kind it is of."""

    entry: CalendarEntry
    source: CalendarSource

    @property
    def is_moved(self) -> bool:
        return self.source.move is not None


@dataclass
class Day:
    """A day of the grid."""

    on: date
    is_other: bool = False
    is_today: bool = False
    off: str = ""
    entries: list[Shown] = field(default_factory=list)

    @property
    def name(self) -> str:
        return date_weekday(self.on)


class TeamCalendar(TeamPage):
    """A month, or a week, of what falls on each day."""

    model = Task
    page_title = _("Calendrier")
    header_icon = "calendar-alt"
    template_name = "portal/workload/calendar.html"

    @property
    def view_name(self) -> str:
        return WEEK if self.request.GET.get("vue") == WEEK else MONTH

    @property
    def day(self) -> date:
        return day_of(self.request.GET.get("jour", ""), timezone.localdate())

    def days(self) -> list[Day]:
        """Return the days of the grid, Mondays first."""
        today = timezone.localdate()
        if self.view_name == WEEK:
            monday = monday_of(self.day)
            found = [monday + timedelta(days=step) for step in range(7)]
        else:
            found = list(Calendar().itermonthdates(self.day.year, self.day.month))
        off = days_off(found[0], found[-1])
        is_month = self.view_name == MONTH
        return [
            Day(
                on=day,
                is_other=is_month and day.month != self.day.month,
                is_today=day == today,
                off=off.get(day, ""),
            )
            for day in found
        ]

    def wish(self) -> CalendarWish:
        """Return whose dates the address asks for."""
        asked = self.request.GET
        person = self.request.user.pk if asked.get("qui") == "moi" else key_of(asked.get("qui", ""))
        return CalendarWish(person_id=person, project_id=key_of(asked.get("projet", "")))

    def kinds(self) -> list[CalendarSource]:
        """Return the kinds of dates that show."""
        asked = set(self.request.GET.getlist("genre"))
        return [one for one in self.sources if not asked or one.key in asked]

    @property
    def sources(self) -> Sequence[CalendarSource]:
        if not hasattr(self, "_sources"):
            self._sources = calendar_sources(self.request.user)
        return self._sources

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        days = self.days()
        wish = self.wish()
        by_day = {day.on: day for day in days}
        for source in self.kinds():
            for entry in source.find(days[0].on, days[-1].on, wish):
                if entry.on in by_day and len(by_day[entry.on].entries) < MOST_OF_A_DAY:
                    by_day[entry.on].entries.append(Shown(entry, source))
        return super().get_context_data(
            days=days,
            heads=[str(WEEKDAYS[number]).capitalize() for number in range(7)],
            is_week=self.view_name == WEEK,
            heading=self._heading(days),
            links=self._links(),
            sources=self.sources,
            kinds={one.key for one in self.kinds()},
            people=team_members(self.request),
            chosen=self.request.GET.get("qui", ""),
            project=Project.objects.filter(pk=wish.project_id).first() if wish.project_id else None,
            day=self.day,
            feed_url=reverse("team_calendar_link"),
            is_empty=not any(day.entries for day in days),
            **kwargs,
        )

    def _heading(self, days: list[Day]) -> str:
        if self.view_name == WEEK:
            text = _text("Semaine du %(day)s")
            return text % {"day": date_long(days[0].on)}
        return f"{str(MONTHS[self.day.month]).capitalize()} {self.day.year}"

    def _links(self) -> dict[str, str]:
        """Return where the arrows and the two looks lead, filters kept."""
        day = self.day
        if self.view_name == WEEK:
            before, after = day - timedelta(days=7), day + timedelta(days=7)
        else:
            before = day.replace(day=1) - timedelta(days=1)
            after = day.replace(day=28) + timedelta(days=4)
        return {
            "before": self._link(jour=before.isoformat()),
            "after": self._link(jour=after.isoformat()),
            "today": self._link(jour=""),
            "month": self._link(vue=MONTH),
            "week": self._link(vue=WEEK),
        }

    def _link(self, **values: str) -> str:
        query = self.request.GET.copy()
        for name, value in values.items():
            query.pop(name, None)
            if value:
                query[name] = value
        return f"?{query.urlencode()}"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Put an entry on another day."""
        kind, _colon, key = request.POST.get("date", "").partition(":")
        source = next((one for one in self.sources if one.key == kind), None)
        number = key_of(key)
        if source is None or source.move is None or number is None:
            raise Http404
        try:
            self._move(source, number)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        except StaleTask:
            text = _text("Cette date a changé entre-temps : la voici comme elle est maintenant.")
            messages.error(request, text)
        return redirect(request.get_full_path())

    def _move(self, source: CalendarSource, key: int) -> None:
        post = self.request.POST
        to = day_of(post.get("to", ""), date.min)
        if to == date.min:
            raise ValidationError(_text("Choisissez un jour."))
        facts = {"seen": key_of(post.get("seen", "")), "actor": self.request.user}
        moved = source.move(key=key, to=to, at=timezone.now(), **facts) if source.move else ""
        text = _text("« %(title)s » est maintenant le %(day)s.")
        messages.success(self.request, text % {"title": moved, "day": date_weekday(to)})


class CalendarLinkPage(TeamPage):
    """The private address from which one's own calendar reads one's dates."""

    model = Task
    page_title = _("Mon calendrier ailleurs")
    header_icon = "calendar-alt"
    template_name = "portal/workload/calendar_link.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        link = CalendarLink.objects.filter(user=self.request.user).first()
        return super().get_context_data(link=link, calendar_url=reverse("team_calendar"), **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        if request.POST.get("act") == "retirer":
            feeds.end_link(user=request.user)
            messages.success(request, _text("L’adresse n’ouvre plus rien."))
            return redirect(request.path)
        token = feeds.make_link(user=request.user, at=timezone.now())
        address = request.build_absolute_uri(reverse("calendar_feed", args=[token]))
        return self.render_to_response(self.get_context_data(address=address))


def move_task(*, key: int, to: date, seen: int | None, actor: Any, at: Any) -> Any:
    """Put a task on another day, for the calendar; its start goes with it when it would follow.

    :raises PermissionDenied: if the person may not change it.
    :raises ValidationError: if there is no such task.
    """
    task = Task.objects.filter(pk=key).first()
    if task is None:
        raise ValidationError(_text("Cette tâche n’existe plus."))
    if not policy_of(Task).user_has_permission_for_instance(actor, "change", task):
        raise PermissionDenied
    values: dict[str, Any] = {"due_date": to}
    if task.start_date is not None and task.start_date > to:
        values["start_date"] = to
    return change_task(task=task, values=values, seen=seen, actor=actor, at=at)


@hooks.register("nourx_calendar_sources")
def dates_of_projects(user: Any) -> list[CalendarSource]:
    """Tasks and milestones, of whoever reads them."""
    found = []
    if user.has_perm("projects.view_task"):
        move = move_task if user.has_perm("projects.change_task") else None
        label = _("Tâches")
        found.append(CalendarSource("taches", label, feeds.task_entries, move, order=10))
    if user.has_perm("projects.view_milestone"):
        found.append(CalendarSource("jalons", _("Jalons"), feeds.milestone_entries, order=20))
    return found


@hooks.register("register_admin_urls")
def calendar_addresses() -> list[Any]:
    return [
        path("taches/calendrier/adresse/", CalendarLinkPage.as_view(), name="team_calendar_link"),
    ]


menu.add_page("taches", TeamCalendar, slug="taches/calendrier", name="team_calendar", order=14)
