"""Templates of projects: made from a project, and made into one."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.accounts.models import Client
from core.audit.log import record
from core.workdays.counting import IsOpen, days_between, open_days, working_day
from portal.documents.models import DocumentRequest
from portal.documents.services.requests import note_request
from portal.projects.models import (
    ChecklistItem,
    Deliverable,
    Milestone,
    Project,
    ProjectMember,
    Task,
)
from portal.projects.services.projects import note_project
from portal.steering.models import (
    ProjectTemplate,
    TemplateMilestone,
    TemplateRequest,
    TemplateTask,
)
from portal.steering.models.templates import LAST_DAY

MOST_TASKS = 500


class CannotKeep(Exception):
    """A template has this name already; `message` says so."""

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message


@transaction.atomic
def start_project_from_template(
    *,
    template: ProjectTemplate,
    client: Client,
    title: str,
    on: date,
    at: datetime,
    actor: Any,
    lead: Any = None,
    budget: int | None = None,
    currency: str = "",
    summary: str = "",
    status: str = Project.Status.ACTIVE,
    asks_documents: bool = True,
) -> Project:
    """Make a project of a client from a template, its days counted from the day `on`.

    `budget` is in minor units of `currency`; without them those of the template hold. The client
    is told of it, and of each document asked for unless `asks_documents` is False.
    """
    start, end = _span(template, on)
    project = Project.objects.create(
        client=client,
        title=(title.strip() or template.name)[:300],
        summary=summary or template.summary,
        status=status,
        start_date=start,
        due_date=end,
        budget=template.budget if budget is None else budget,
        currency=currency or template.currency,
        budget_hours=template.budget_hours,
        lead=lead,
    )
    if lead is not None:
        ProjectMember.objects.create(project=project, user=lead, part=_("Chef de projet"))
    facts: dict[str, Any] = {"start": start, "actor": actor, "at": at}
    fill_project(project=project, template=template, asks_documents=asks_documents, **facts)
    note_project(project=project, actor=actor, is_new=True, at=at)
    record("project_started", project, actor=actor, template=template.name)
    return project


def _span(template: ProjectTemplate, on: date) -> tuple[date, date | None]:
    """Return the first day of a project made from a template, and its last when it has one."""
    is_open = open_days()
    start = working_day(on, 0, is_open)
    return start, working_day(start, template.length, is_open) if template.length else None


@transaction.atomic
def fill_project(
    *,
    project: Project,
    template: ProjectTemplate,
    start: date,
    actor: Any,
    at: datetime,
    asks_documents: bool = True,
) -> None:
    """Add the milestones, tasks and requests of a template to a project, at the end of its own."""
    is_open = open_days()
    last = project.milestones.order_by("-sort_order").values_list("sort_order", flat=True).first()
    rank = -1 if last is None else last
    by_title: dict[str, Milestone] = {}
    for row in template.milestones.all():
        rank += 1
        by_title[row.title] = _add_milestone(project, row, rank, start, is_open)
    for task in template.tasks.all():
        _add_task(project, task, by_title.get(task.milestone), start, is_open)
    if asks_documents:
        for asked in template.requests.all():
            request = DocumentRequest.objects.create(
                project=project,
                title=asked.title,
                detail=asked.detail,
                due_date=working_day(start, asked.due_day, is_open),
            )
            note_request(request=request, actor=actor, at=at)


def _add_milestone(
    project: Project, row: TemplateMilestone, rank: int, start: date, is_open: IsOpen
) -> Milestone:
    milestone = Milestone.objects.create(
        project=project,
        title=row.title,
        summary=row.summary,
        release=row.release,
        start_date=working_day(start, row.start_day, is_open),
        due_date=working_day(start, row.end_day, is_open),
        sort_order=rank,
    )
    for title in lines_of(row.deliverables):
        Deliverable.objects.create(project=project, milestone=milestone, title=title[:200])
    return milestone


def _add_task(
    project: Project,
    row: TemplateTask,
    milestone: Milestone | None,
    start: date,
    is_open: IsOpen,
) -> None:
    task = Task.objects.create(
        project=project,
        milestone=milestone,
        title=row.title,
        body=row.body,
        priority=row.priority,
        is_shared=row.is_shared,
        due_date=None if row.due_day is None else working_day(start, row.due_day, is_open),
    )
    for rank, label in enumerate(lines_of(row.checklist)):
        ChecklistItem.objects.create(task=task, label=label[:200], sort_order=rank)


def lines_of(text: str) -> list[str]:
    """Return the lines of a text that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def template_of_project(*, project: Project, name: str, actor: Any) -> ProjectTemplate:
    """Make a template of a project: what is planned in it, in working days from its first day.

    :raises CannotKeep: if a template has this name already.
    """
    try:
        with transaction.atomic():
            template = ProjectTemplate.objects.create(
                name=name.strip()[:120],
                summary=project.summary,
                budget=project.budget,
                currency=project.currency,
                budget_hours=project.budget_hours,
            )
            _copy_plan(project, template)
            record("template_made", template, actor=actor, project=project.title)
            return template
    except IntegrityError as error:
        if "name" not in str(error):
            raise
        raise CannotKeep(_("Un modèle porte déjà ce nom.")) from error


def _copy_plan(project: Project, template: ProjectTemplate) -> None:
    milestones = list(
        Milestone.objects.filter(project=project.pk)
        .prefetch_related("deliverables")
        .order_by("sort_order", "id")
    )
    start, is_open = _first_day(project, milestones), open_days()
    for rank, row in enumerate(milestones):
        first = _day(start, row.start_date or row.due_date, is_open)
        TemplateMilestone.objects.create(
            template=template,
            title=row.title,
            summary=row.summary,
            release=row.release,
            start_day=first,
            end_day=max(first, _day(start, row.due_date or row.start_date, is_open)),
            deliverables="\n".join(piece.title for piece in row.deliverables.all()),
            sort_order=rank,
        )
    tasks = Task.objects.filter(project=project.pk, archived_at=None).select_related("milestone")
    for rank, task in enumerate(tasks.prefetch_related("checklist").order_by("id")[:MOST_TASKS]):
        TemplateTask.objects.create(
            template=template,
            title=task.title,
            body=task.body,
            milestone=task.milestone.title if task.milestone else "",
            due_day=None if task.due_date is None else _day(start, task.due_date, is_open),
            priority=task.priority,
            is_shared=task.is_shared,
            checklist="\n".join(step.label for step in task.checklist.all()),
            sort_order=rank,
        )
    for rank, asked in enumerate(DocumentRequest.objects.filter(project=project).order_by("id")):
        TemplateRequest.objects.create(
            template=template,
            title=asked.title,
            detail=asked.detail,
            due_day=_day(start, asked.due_date, is_open),
            sort_order=rank,
        )


def _first_day(project: Project, milestones: Sequence[Milestone]) -> date | None:
    days = [row.start_date or row.due_date for row in milestones]
    return project.start_date or min((day for day in days if day), default=None)


def _day(start: date | None, day: date | None, is_open: IsOpen) -> int:
    """Return a day counted from the start of a project; its first day when either is unknown."""
    if start is None or day is None:
        return 0
    return min(days_between(start, day, is_open), LAST_DAY)
