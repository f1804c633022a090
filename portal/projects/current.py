"""The project that a person looks at, when a page is about one: the last they chose."""

from typing import Any

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, Value, When
from django.http import HttpRequest

from core.once import once
from portal.projects.models import Project, ProjectChoice
from portal.projects.queries import RUNNING


def with_choice(projects: QuerySet[Project], user: Any) -> QuerySet[Project]:
    """Say of each project when the person chose it last, as `chosen_at`."""
    choices = ProjectChoice.objects.filter(user=user, project=OuterRef("pk"))
    return projects.annotate(chosen_at=Subquery(choices.values("chosen_at")[:1]))


def by_choice(user: Any) -> QuerySet[Project]:
    """Return the person's projects: the one they chose last, those that run, then the others."""
    runs = Case(When(status__in=RUNNING, then=Value(0)), default=Value(1))
    rows = with_choice(Project.objects.visible_to(user), user)
    return rows.order_by(F("chosen_at").desc(nulls_last=True), runs, "due_date", "id")


def current_project(request: HttpRequest) -> Project | None:
    """Return the current project of the person of a request. Read once per request."""
    return once(request, "current-project", lambda: by_choice(request.user).first())
