"""What a milestone says of itself on the roadmap, and the filters that keep some of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.projects.models import Deliverable, Milestone, Project

Status = Milestone.Status
GLYPHS: dict[str, tuple[str, str]] = {
    Status.UPCOMING: ("todo", ""),
    Status.ACTIVE: ("half", "now"),
    Status.REVIEW: ("review", "now"),
    Status.DONE: ("done", ""),
}
PROJECT_GLYPHS: dict[str, tuple[str, str]] = {
    Project.Status.PLANNED: ("todo", ""),
    Project.Status.ACTIVE: ("half", "now"),
    Project.Status.PAUSED: ("pause", ""),
    Project.Status.DELIVERED: ("done", "ok"),
    Project.Status.ARCHIVED: ("archive", ""),
}
DELIVERABLE_GLYPHS: dict[str, tuple[str, str]] = {
    Deliverable.Status.PLANNED: ("todo", ""),
    Deliverable.Status.SUBMITTED: ("review", "now"),
    Deliverable.Status.APPROVED: ("done", ""),
    Deliverable.Status.REFUSED: ("cancel", "bad"),
}


@dataclass(frozen=True)
class HandedOver:
    """A deliverable in the thread of milestones."""

    id: int
    title: str
    status: str

    @property
    def label(self) -> Any:
        return Deliverable.Status(self.status).label

    @property
    def glyph(self) -> str:
        return DELIVERABLE_GLYPHS[self.status][0]

    @property
    def tone(self) -> str:
        return DELIVERABLE_GLYPHS[self.status][1]

    @property
    def waits(self) -> bool:
        """Tell whether it waits for the client."""
        return self.status == Deliverable.Status.SUBMITTED


@dataclass(frozen=True)
class Step:
    """A milestone as the thread shows it on a day, with its deliverables and its words."""

    milestone: Milestone
    today: date
    deliverables: list[HandedOver] = field(default_factory=list)
    words: int = 0

    @property
    def is_approved(self) -> bool:
        """Tell whether the client approved all that it hands over."""
        approved = [row.status == Deliverable.Status.APPROVED for row in self.deliverables]
        return bool(approved) and all(approved)

    @property
    def is_late(self) -> bool:
        return self.milestone.is_late(self.today) and not self.is_approved

    @property
    def is_over(self) -> bool:
        return self.milestone.status == Status.DONE or (
            self.milestone.status == Status.REVIEW and self.is_approved
        )

    @property
    def label(self) -> Any:
        """Return its state in a word: « Validé » once the client approved everything."""
        if self.is_approved and self.is_over:
            return _("Validé")
        return self.milestone.get_status_display()

    @property
    def glyph(self) -> str:
        if self.is_late:
            return "late"
        return "done" if self.is_over else GLYPHS[self.milestone.status][0]

    @property
    def tone(self) -> str:
        return "bad" if self.is_late else "" if self.is_over else GLYPHS[self.milestone.status][1]

    @property
    def thread_state(self) -> str:
        """Return how its line of the thread is drawn: done, now or to come."""
        if self.is_over:
            return "done"
        return "" if self.milestone.status == Status.UPCOMING else "now"


@dataclass(frozen=True)
class Filter:
    """A way to look at the roadmap, by the word of its address."""

    key: str
    label: Any
    keeps: Callable[[Step], bool]


def _with_status(status: str) -> Callable[[Step], bool]:
    return lambda step: step.milestone.status == status and not step.is_over


FILTERS = (
    Filter("a-venir", gettext_lazy("À venir"), _with_status(Status.UPCOMING)),
    Filter("en-cours", gettext_lazy("En cours"), _with_status(Status.ACTIVE)),
    Filter("a-valider", gettext_lazy("À valider"), _with_status(Status.REVIEW)),
    Filter("livre", gettext_lazy("Terminé"), lambda step: step.is_over),
    Filter("en-retard", gettext_lazy("En retard"), lambda step: step.is_late),
)


def kept_by(key: str, steps: Sequence[Step]) -> list[Step]:
    """Return the steps that a filter keeps; all of them when no filter has this word."""
    chosen = next((row for row in FILTERS if row.key == key), None)
    return [step for step in steps if chosen is None or chosen.keeps(step)]


def choices(current: str, steps: Sequence[Step], address: str) -> list[dict[str, Any]]:
    """Return the links of the filters, each with how many steps it keeps."""
    known = current if current in {row.key for row in FILTERS} else ""
    places: list[tuple[str, Any]] = [("", _("Tous")), *((row.key, row.label) for row in FILTERS)]
    return [
        {
            "key": key,
            "label": label,
            "url": f"{address}?statut={key}" if key else address,
            "count": len(kept_by(key, steps)),
            "is_current": key == known,
        }
        for key, label in places
    ]
