"""The sheet of a week: what somebody spent on what, typed in cells."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from core.backoffice import menu
from core.hooks import time_standing
from core.ui.formats import date_long, date_weekday
from portal.projects.admin_screens.task_filters import team_members
from portal.projects.models import Project, Task, TimeEntry
from portal.workload.calendar_days import days_off
from portal.workload.durations import NotADuration, clock_text, duration_text, minutes_of
from portal.workload.screens.parts import TeamPage, day_of, key_of, monday_of
from portal.workload.services import sheets
from portal.workload.services.sheets import MOST_ROWS, WEEK, Cell, Row

MOST_OFFERED = 200


@dataclass
class Line:
    """A line of the sheet: its cells as they stand or were typed, and what it adds up to."""

    row: Row
    title: str
    project: str
    texts: list[str]
    minutes: list[int]
    is_locked: bool = False
    is_billable: bool = True
    wrong: set[int] = field(default_factory=set)

    @property
    def name(self) -> str:
        return f"{self.row.project_id}-{self.row.task_id or 0}"

    @property
    def total(self) -> str:
        return duration_text(sum(self.minutes))

    @property
    def cells(self) -> list[tuple[int, str, bool]]:
        return [(day, text, day in self.wrong) for day, text in enumerate(self.texts)]


class WeekSheet(TeamPage):
    """The time of a person in a week; whoever changes time also keeps that of others."""

    model = TimeEntry
    permission = "add"
    page_title = _("Ma semaine")
    header_icon = "time"
    template_name = "portal/workload/week.html"

    @property
    def monday(self) -> date:
        return monday_of(day_of(self.request.GET.get("semaine", ""), timezone.localdate()))

    @property
    def person(self) -> Any:
        """Return whose sheet it is: the one asked for, if the person may keep it."""
        asked = key_of(self.request.GET.get("personne", ""))
        people = team_members(self.request) if asked and self.may("change") else []
        return next((one for one in people if one.pk == asked), self.request.user)

    def lines(self, more: list[Row]) -> list[Line]:
        """Return what was spent in the week, then empty lines that were asked for."""
        entries = list(sheets.entries_of(self.person, self.monday))
        standing = time_standing([entry.pk for entry in entries])
        grouped: dict[Row, list[TimeEntry]] = {}
        for entry in entries:
            grouped.setdefault(Row(entry.project_id, entry.task_id), []).append(entry)
        for row in more:
            grouped.setdefault(row, [])
        locked = sheets.locked_projects(self.monday, sorted({row.project_id for row in grouped}))
        titles = _titles_of(list(grouped))
        return [
            self._line(row, found, row.project_id in locked, standing, titles)
            for row, found in grouped.items()
            if row in titles
        ]

    def _line(
        self, row: Row, entries: list[TimeEntry], is_locked: bool, standing: dict, titles: dict
    ) -> Line:
        minutes = [
            sum(e.minutes for e in entries if e.spent_on == self.monday + timedelta(days=day))
            for day in range(WEEK)
        ]
        title, project = titles[row]
        return Line(
            row=row,
            title=title,
            project=project,
            texts=[clock_text(each) for each in minutes],
            minutes=minutes,
            is_locked=is_locked,
            is_billable=not any(standing.get(entry.pk) == "offered" for entry in entries),
        )

    def asked_rows(self) -> list[Row]:
        """Return the empty lines that the address asks for: those of last week, or one task."""
        found = []
        if self.request.GET.get("copier"):
            before = self.monday - timedelta(days=WEEK)
            found = sheets.rows_of_week(self.person, before)
        for text in self.request.GET.getlist("tache")[:MOST_ROWS]:
            task = Task.objects.filter(pk=key_of(text) or 0).first()
            if task is not None:
                found.append(Row(task.project_id, task.pk))
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lines = kwargs.pop("lines", None)
        lines = self.lines(self.asked_rows()) if lines is None else lines
        days = [self.monday + timedelta(days=step) for step in range(WEEK)]
        off = days_off(days[0], days[-1])
        sums = [sum(line.minutes[day] for line in lines) for day in range(WEEK)]
        return super().get_context_data(
            lines=lines,
            days=[(day, date_weekday(day), off.get(day, "")) for day in days],
            sums=[duration_text(each) if each else "" for each in sums],
            total=duration_text(sum(sums)),
            heading=_text("Semaine du %(day)s") % {"day": date_long(self.monday)},
            today=timezone.localdate(),
            person=self.person,
            people=team_members(self.request) if self.may("change") else [],
            tasks=self._offered(),
            links=self._links(),
            **kwargs,
        )

    def _offered(self) -> list[Task]:
        """Return the tasks offered for a new line: one's own, still open."""
        rows = Task.objects.filter(assignee=self.person, archived_at=None)
        rows = rows.exclude(status=Task.Status.DONE).select_related("project")
        return list(rows.only("title", "project__title").order_by("due_date", "pk")[:MOST_OFFERED])

    def _links(self) -> dict[str, str]:
        week = timedelta(days=WEEK)
        return {
            "before": self.address(self.monday - week),
            "after": self.address(self.monday + week),
            "copy": f"{self.address(self.monday)}&copier=1",
            "here": self.address(self.monday),
        }

    def address(self, monday: date) -> str:
        """Return the address of another week of the same person."""
        own = "" if self.person == self.request.user else f"&personne={self.person.pk}"
        return f"{reverse('time_week')}?semaine={monday.isoformat()}{own}"

    def post(self, request: HttpRequest) -> HttpResponse:
        lines = self._typed()
        if any(line.wrong for line in lines):
            text = _text("Une case n’est pas une durée : écrivez 1:30, 1h30, 90 min ou 1,5.")
            messages.error(request, text)
            return self.render_to_response(self.get_context_data(lines=lines), status=422)
        try:
            changed = self._save(lines)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return self.render_to_response(self.get_context_data(lines=lines), status=422)
        done, same = _text("Semaine enregistrée."), _text("Rien n’a changé.")
        messages.success(request, done if changed else same)
        return redirect(self.address(self.monday))

    def _typed(self) -> list[Line]:
        """Read the lines as typed: nothing typed is lost, wrong cells are marked."""
        post = self.request.POST
        names = list(dict.fromkeys(post.getlist("ligne")))[:MOST_ROWS]
        rows = [row for name in names if (row := _row_of(name)) is not None]
        kept = {line.row: line for line in self.lines(rows)}
        for line in kept.values():
            if line.is_locked or line.name not in names:
                continue
            line.is_billable = f"facturable-{line.name}" in post
            for day in range(WEEK):
                line.texts[day] = post.get(f"{line.name}-{day}", "")[:20]
                try:
                    line.minutes[day] = minutes_of(line.texts[day])
                except NotADuration:
                    line.wrong.add(day)
        return list(kept.values())

    def _save(self, lines: list[Line]) -> int:
        open_lines = [line for line in lines if not line.is_locked]
        return sheets.save_week(
            user=self.person,
            monday=self.monday,
            cells=[
                Cell(line.row, self.monday + timedelta(days=day), line.minutes[day])
                for line in open_lines
                for day in range(WEEK)
            ],
            is_billable={line.row: line.is_billable for line in open_lines},
            actor=self.request.user,
            at=timezone.now(),
        )


def _row_of(name: str) -> Row | None:
    project, _dash, task = name.partition("-")
    if key_of(project) is None or key_of(task) is None:
        return None
    return Row(int(project), int(task) or None)


def _titles_of(rows: list[Row]) -> dict[Row, tuple[str, str]]:
    """Return the title of each line and its project, of those that still exist. Two queries."""
    projects = dict(
        Project.objects.filter(pk__in={row.project_id for row in rows}).values_list("pk", "title")
    )
    tasks = {
        pk: (title, project)
        for pk, title, project in Task.objects.filter(
            pk__in={row.task_id for row in rows if row.task_id}
        ).values_list("pk", "title", "project_id")
    }
    found = {}
    for row in rows:
        if row.project_id not in projects:
            continue
        if row.task_id is None:
            found[row] = (_text("Sans tâche"), projects[row.project_id])
        elif row.task_id in tasks and tasks[row.task_id][1] == row.project_id:
            found[row] = (tasks[row.task_id][0], projects[row.project_id])
    return found


menu.add_page("taches", WeekSheet, slug="temps/semaine", name="time_week", order=18)
