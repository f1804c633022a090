"""The workload: each person's weeks, how full they are, and the tasks behind each cell."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from core.backoffice import menu
from core.backoffice.charts import bar_chart
from core.ui.formats import date_range
from portal.projects.models import Task
from portal.projects.services import team_tasks
from portal.projects.services.tasks import StaleTask
from portal.workload.durations import duration_text
from portal.workload.planning import Load
from portal.workload.reading import TeamLoad, read_load
from portal.workload.screens.parts import TeamPage, day_of, key_of

WEEKS, MOST_WEEKS = 6, 12
WORDS = {
    "over": _("surcharge"),
    "full": _("pleine"),
    "some": _("de la place"),
    "none": _("libre"),
    "away": _("absence"),
}


class WorkloadPage(TeamPage):
    """Who has too much, who has room: a table, a chart, and the tasks of a cell."""

    model = Task
    page_title = _("Charge de l’équipe")
    header_icon = "group"
    template_name = "portal/workload/load.html"

    @property
    def weeks(self) -> int:
        asked = key_of(self.request.GET.get("semaines", "")) or WEEKS
        return min(max(asked, 1), MOST_WEEKS)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = read_load(timezone.localdate(), self.weeks)
        return super().get_context_data(
            heads=[date_range(week, week + timedelta(days=6)) for week in found.weeks],
            rows=[self._row(found, one) for one in found.people],
            totals=[_cell(found.total(week)) for week in found.weeks],
            over=found.over(found.weeks[0]),
            chart=_chart(found),
            drill=self._drill(found),
            choices=(4, 6, 8, 12),
            weeks=self.weeks,
            may_change=self.may("change"),
            **kwargs,
        )

    def _row(self, found: TeamLoad, person: Any) -> dict[str, Any]:
        cells = [
            {
                **_cell(found.loads[person.pk, week]),
                "url": f"?semaines={self.weeks}&personne={person.pk}&semaine={week.isoformat()}",
            }
            for week in found.weeks
        ]
        undated = found.found.undated.get(person.pk, 0)
        return {
            "person": person,
            "cells": cells,
            "undated": duration_text(undated) if undated else "",
            "unestimated": found.unestimated.get(person.pk, 0),
        }

    def _drill(self, found: TeamLoad) -> dict[str, Any] | None:
        """Return the tasks of the cell that the address asks for."""
        person = next((one for one in found.people if one.pk == self._asked), None)
        week = day_of(self.request.GET.get("semaine", ""), date.min)
        if person is None or week not in found.weeks:
            return None
        parts = found.found.tasks.get((person.pk, week), [])
        rows = [
            {"task": found.tasks[key], "time": duration_text(minutes)}
            for key, minutes in sorted(parts, key=lambda part: -part[1])
        ]
        load = found.loads[person.pk, week]
        return {
            "person": person,
            "week": date_range(week, week + timedelta(days=6)),
            "rows": rows,
            "others": [one for one in found.people if one.pk != person.pk],
            "load": _cell(load),
        }

    @property
    def _asked(self) -> int | None:
        return key_of(self.request.GET.get("personne", ""))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Give a task of a cell to somebody else."""
        if not self.may("change"):
            raise PermissionDenied
        task = Task.objects.filter(pk=key_of(request.POST.get("task", "")) or 0).first()
        if task is None:
            raise Http404
        people = {one.pk: one for one in read_load(timezone.localdate(), 1).people}
        person = people.get(key_of(request.POST.get("assignee", "")) or 0)
        try:
            if person is None:
                raise ValidationError(_text("Cette personne n’est plus de l’équipe."))
            team_tasks.change_task(
                task=task,
                values={"assignee": person},
                seen=key_of(request.POST.get("seen", "")),
                actor=request.user,
                at=timezone.now(),
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        except StaleTask:
            messages.error(request, _text("Cette tâche a changé entre-temps : relisez-la."))
        else:
            text = _text("« %(task)s » est à %(person)s, qui en est prévenu.")
            messages.success(request, text % {"task": task, "person": person})
        return redirect(request.get_full_path())


def _cell(load: Load) -> dict[str, Any]:
    return {
        "level": load.level,
        "word": WORDS[load.level],
        "planned": duration_text(load.planned),
        "capacity": duration_text(load.capacity),
        "percent": load.percent,
        "is_known": load.capacity > 0,
    }


def _chart(found: TeamLoad) -> Any:
    """Draw planned hours of each person this week, against what they have."""
    week = found.weeks[0]
    loads = [found.loads[one.pk, week] for one in found.people]
    names = [(one.first_name or str(one))[:12] for one in found.people]
    if not names:
        return None
    series = [
        (_text("Prévu"), [one.planned for one in loads]),
        (_text("Capacité"), [one.capacity for one in loads]),
    ]
    return bar_chart(
        _text("Heures prévues cette semaine, par personne"),
        names,
        [
            (
                label,
                [value // 60 for value in values],
                [
                    f"{name}, {label}\u00a0: {duration_text(v)}"
                    for name, v in zip(names, values, strict=True)
                ],
            )
            for label, values in series
        ],
        lambda value: f"{int(value)}\u00a0h",
    )


menu.add_page("taches", WorkloadPage, slug="taches/charge", name="team_load", order=16)
