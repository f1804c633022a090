"""What was finished on time: tasks and milestones, month by month."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from core.backoffice import menu
from core.backoffice.charts import line_chart
from core.ui.formats import month_name, percent
from portal.projects.admin_screens.task_filters import team_members
from portal.projects.models import Task
from portal.workload import on_time
from portal.workload.screens.parts import TeamPage, day_of, key_of

MONTHS = 12


class PunctualityPage(TeamPage):
    """The share of dated tasks and milestones that were finished by their day."""

    model = Task
    page_title = _("Tenue des délais")
    header_icon = "history"
    template_name = "portal/workload/punctuality.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        person = key_of(self.request.GET.get("qui", ""))
        last = day_of(self.request.GET.get("jusqu", ""), today)
        months = on_time.read_months(
            last,
            MONTHS,
            on=today,
            person_id=person,
            project_id=key_of(self.request.GET.get("projet", "")),
        )
        return super().get_context_data(
            rows=[_row(month) for month in reversed(months)],
            tasks=_line([month.tasks for month in months]),
            milestones=_line([month.milestones for month in months]),
            chart=line_chart(
                _text("Part des tâches finies à temps, en pour cent"),
                [month_name(month.first) for month in months],
                [month.tasks.share for month in months],
                [_share(month.tasks) for month in months],
                lambda value: percent(int(value)),
            ),
            people=team_members(self.request),
            chosen=person,
            **kwargs,
        )


def _row(month: on_time.Month) -> dict[str, Any]:
    return {
        "name": month_name(month.first, with_year=True),
        "tasks": month.tasks,
        "tasks_share": _share(month.tasks),
        "milestones": month.milestones,
        "milestones_share": _share(month.milestones),
    }


def _line(counts: list[on_time.Count]) -> dict[str, Any]:
    whole = on_time.Count(sum(one.kept for one in counts), sum(one.due for one in counts))
    return {"share": _share(whole), "kept": whole.kept, "due": whole.due}


def _share(count: on_time.Count) -> str:
    return "—" if count.share is None else percent(int(count.share + on_time.HALF))


menu.add_page("taches", PunctualityPage, slug="taches/delais", name="tasks_on_time", order=40)
