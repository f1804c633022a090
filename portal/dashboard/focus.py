"""The project that the home page is about: the one chosen last, among those that run."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest

from core.once import known
from portal.projects.models import Milestone, Project, Task
from portal.projects.queries import ProjectCard

MOST_STEPS = 3
MOST_CHOICES = 20


@dataclass(frozen=True)
class Focus:
    """What the home page says of the current project, and to which others one may go."""

    card: ProjectCard
    steps: list[Milestone]
    waiting: int
    others: list[Project]


def running_cards(request: HttpRequest) -> list[ProjectCard]:
    """Return the cards of running projects that the panels of this page have read."""
    return known(request, "project-cards") or []


def overall_progress(cards: list[ProjectCard]) -> int | None:
    """Return the mean progress of running projects, in whole percent; None without any."""
    return round(sum(card.project.progress for card in cards) / len(cards)) if cards else None


def focus_of(request: HttpRequest, today: date) -> Focus | None:
    """Return the current project of the home page; one that runs no more gives way to the next."""
    cards = running_cards(request)
    if not cards:
        return None
    chosen = [card for card in cards if _chosen_at(card)]
    card = max(chosen, key=_chosen_at, default=cards[0])
    mine: list[Task] = known(request, "my-tasks") or []
    return Focus(
        card=card,
        steps=_next_steps(card, today),
        waiting=sum(task.project_id == card.project.pk for task in mine),
        others=[other.project for other in cards if other is not card][:MOST_CHOICES],
    )


def _chosen_at(card: ProjectCard) -> Any:
    return card.project.chosen_at  # type: ignore[attr-defined]


def _next_steps(card: ProjectCard, today: date) -> list[Milestone]:
    """Return the next dated milestones of a project, soonest first."""
    rows = [
        row
        for row in card.milestones
        if row.due_date and row.due_date >= today and row.status != Milestone.Status.DONE
    ]
    return sorted(rows, key=lambda row: (row.due_date, row.pk))[:MOST_STEPS]
