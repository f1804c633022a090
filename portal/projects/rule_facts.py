"""What rules of the team may watch of projects, milestones and tasks."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from core.access.roles import Grant
from core.hooks.rules import CHOICE, DAY, MOST_FACTS, NUMBER, TEXT, Fact, FactField, RuleEvent
from core.notify.rules.audiences import ASSIGNEE, LEAD, PROJECT_TEAM
from portal.projects.models import Milestone, Project, ProjectMember, Task

GROUP = _("Projets et tâches")
YES_NO = (("oui", _("Oui")), ("non", _("Non")))
CLIENT = FactField(_("client"), example="Acme Distribution")
PROJECT = FactField(_("projet"), example="Refonte du site")
DUE = FactField(_("échéance"), DAY, example="4 décembre 2026")
OF_TASK = {
    "tache": FactField(_("tâche"), TEXT, example="Relire la page d’accueil"),
    "projet": PROJECT,
    "client": CLIENT,
    "priorite": FactField(_("priorité"), CHOICE, Task.Priority.choices),
    "partagee": FactField(_("visible par le client"), CHOICE, YES_NO),
    "echeance": DUE,
}
OF_MILESTONE = {
    "jalon": FactField(_("jalon"), TEXT, example="Version bêta"),
    "projet": PROJECT,
    "client": CLIENT,
    "statut": FactField(_("statut"), CHOICE, Milestone.Status.choices),
    "echeance": DUE,
}
OF_PROJECT = {
    "projet": PROJECT,
    "client": CLIENT,
    "avancement": FactField(_("avancement (%)"), NUMBER, example="100"),
}


def late_tasks(since: date, until: date) -> Iterator[Fact]:
    """Find the tasks whose date lies between two days; a task ends when it is done."""
    rows = Task.objects.filter(due_date__range=(since, until))
    names = ("pk", "title", "priority", "is_shared", "due_date", "status", "done_at",
             "assignee_id", "updated_at", *_of("project"))  # fmt: skip
    found = list(rows.select_related("project__client").only(*names).order_by("pk")[:MOST_FACTS])
    teams = _teams(task.project_id for task in found)
    for task in found:
        is_done = task.status == Task.Status.DONE
        yield Fact(
            key=f"task:{task.pk}:{task.due_date}",
            on=task.due_date,  # type: ignore[arg-type]  # it lies between two days
            title=task.title,
            values={
                "tache": task.title,
                "priorite": task.priority,
                "partagee": "oui" if task.is_shared else "non",
                "echeance": task.due_date,
                **_words(task.project),
            },
            url=reverse("wagtailsnippets_projects_task:inspect", args=[task.pk]),
            client_url=reverse("projects:task", args=[task.pk]) if task.is_shared else "",
            assignee_id=task.assignee_id,
            is_of_client=task.is_shared,
            ended_on=_day(task.done_at or task.updated_at) if is_done else None,
            **_place(task.project, teams),
        )


def close_milestones(since: date, until: date) -> Iterator[Fact]:
    """Find the milestones whose date lies between two days; one ends when it is done."""
    rows = Milestone.objects.filter(due_date__range=(since, until))
    names = ("pk", "title", "status", "due_date", "done_at", *_of("project"))
    found = list(rows.select_related("project__client").only(*names).order_by("pk")[:MOST_FACTS])
    teams = _teams(milestone.project_id for milestone in found)
    for milestone in found:
        is_done = milestone.status == Milestone.Status.DONE
        project = milestone.project
        yield Fact(
            key=f"milestone:{milestone.pk}:{milestone.due_date}",
            on=milestone.due_date,  # type: ignore[arg-type]  # it lies between two days
            title=f"{milestone.title} · {project.title}",
            values={
                "jalon": milestone.title,
                "statut": milestone.status,
                "echeance": milestone.due_date,
                **_words(project),
            },
            url=reverse("wagtailsnippets_projects_project:inspect", args=[project.pk]),
            client_url=reverse("projects:roadmap", args=[project.pk]),
            ended_on=_day(milestone.done_at or _at(milestone.due_date)) if is_done else None,
            **_place(project, teams),
        )


def delivered_projects(since: date, until: date) -> Iterator[Fact]:
    """Find the projects delivered between two days."""
    rows = Project.objects.filter(delivered_at__date__range=(since, until))
    names = ("pk", "title", "progress", "delivered_at", "client_id", "client__name",
             "client__lead_id")  # fmt: skip
    found = list(rows.select_related("client").only(*names).order_by("pk")[:MOST_FACTS])
    teams = _teams(project.pk for project in found)
    for project in found:
        on = _day(project.delivered_at or timezone.now())
        yield Fact(
            key=f"project-delivered:{project.pk}:{on}",
            on=on,
            title=project.title,
            values={**_words(project), "avancement": project.progress},
            url=reverse("wagtailsnippets_projects_project:inspect", args=[project.pk]),
            client_url=reverse("projects:detail", args=[project.pk]),
            **_place(project, teams),
        )


def _of(path: str) -> tuple[str, ...]:
    names = ("id", "title", "client_id", "client__id", "client__name", "client__lead_id")
    return tuple(f"{path}__{name}" for name in names)


def _teams(project_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """Return the people of the team on each project, in one query."""
    rows = ProjectMember.objects.filter(project__in=set(project_ids))
    found: dict[int, list[int]] = defaultdict(list)
    for project_id, user_id in rows.values_list(F("project_id"), F("user_id")):
        found[project_id].append(user_id)
    return {project_id: tuple(ids) for project_id, ids in found.items()}


def _words(project: Project) -> dict:
    return {"projet": project.title, "client": project.client.name}


def _place(project: Project, teams: dict[int, tuple[int, ...]]) -> dict:
    return {
        "client_id": project.client_id,
        "client_name": project.client.name,
        "project_id": project.pk,
        "lead_id": project.client.lead_id,
        "team_ids": teams.get(project.pk, ()),
    }


def _day(at: datetime) -> date:
    return timezone.localtime(at).date()


def _at(day: date | None) -> datetime:
    return timezone.make_aware(datetime.combine(day or timezone.localdate(), time(12)))


@hooks.register("nourx_rule_events")
def events_of_projects() -> list[RuleEvent]:
    team = frozenset({LEAD, PROJECT_TEAM})
    shared = {"group": GROUP, "grant": Grant.VIEW_PROJECTS}
    return [
        RuleEvent(
            "task_late",
            label=_("Tâche non terminée (avant ou après sa date)"),
            fields=OF_TASK,
            sentence=_("La tâche « {{ tache }} » était pour le {{ echeance }} ({{ projet }})."),
            find=late_tasks,
            right="projects.view_task",
            day_label=_("sa date"),
            audiences=team | {ASSIGNEE},
            **shared,
        ),
        RuleEvent(
            "milestone_close",
            label=_("Jalon proche, ou dépassé"),
            fields=OF_MILESTONE,
            sentence=_("Le jalon « {{ jalon }} » est prévu le {{ echeance }} ({{ projet }})."),
            find=close_milestones,
            right="projects.view_milestone",
            day_label=_("sa date"),
            audiences=team,
            **shared,
        ),
        RuleEvent(
            "project_delivered",
            label=_("Projet terminé"),
            fields=OF_PROJECT,
            sentence=_("Le projet « {{ projet }} » est livré."),
            find=delivered_projects,
            right="projects.view_project",
            day_label=_("sa livraison"),
            audiences=team,
            **shared,
        ),
    ]
