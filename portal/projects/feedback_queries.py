"""What was said and decided on a project, read in few queries."""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from core.hooks import TimelineEntry
from core.money import round_half_up
from core.ui.formats import file_size
from portal.projects.models import (
    CommentFile,
    Deliverable,
    DeliverableDecision,
    DeliverableFile,
    Milestone,
    MilestoneComment,
    Project,
    SurveyAnswer,
)

MOST_WORDS, MOST_LATELY = 200, 6
COLUMNS = ("at", "kind", "first", "last", "about", "detail")


@dataclass(frozen=True)
class Nps:
    """How many answers there are, and the score: promoters less detractors, in percent."""

    answers: int
    promoters: int
    detractors: int

    @property
    def score(self) -> int | None:
        """Return a whole number from -100 to 100; nothing without an answer."""
        if not self.answers:
            return None
        return round_half_up(Fraction((self.promoters - self.detractors) * 100, self.answers))

    @property
    def passives(self) -> int:
        return self.answers - self.promoters - self.detractors


def nps(first: date | None = None, last: date | None = None) -> Nps:
    """Count the answers of delivered projects, or those given between two days. One query.

    Somebody who answers 9 or 10 promotes us; 6 or less, warns others of us.
    """
    rows = SurveyAnswer.objects.all()
    if first is not None:
        rows = rows.filter(answered_at__date__gte=first)
    if last is not None:
        rows = rows.filter(answered_at__date__lte=last)
    found = rows.aggregate(
        answers=Count("pk"),
        promoters=Count("pk", filter=Q(score__gte=9)),
        detractors=Count("pk", filter=Q(score__lte=6)),
    )
    return Nps(**found)


def words_of(project: Project, milestone: Milestone | None, *, most: int) -> list[MilestoneComment]:
    """Return the last words on a milestone, or on the whole roadmap, oldest first. One query.

    One more than `most` is read, so that the page can say that there are others.
    """
    files = CommentFile.objects.filter(comment=OuterRef("pk")).order_by("pk")
    facts = JSONObject(id="pk", name="file__name", size="file__size")
    rows = project.comments.filter(milestone=milestone).select_related("author")
    rows = rows.annotate(joined=ArraySubquery(files.values(facts=facts)))
    return list(reversed(rows.order_by("-created_at", "-pk")[: most + 1]))


def with_history(deliverables: QuerySet[Deliverable]) -> QuerySet[Deliverable]:
    """Load the files and the decisions of deliverables with them. No query more."""
    files = DeliverableFile.objects.filter(deliverable=OuterRef("pk")).order_by("round", "pk")
    decisions = DeliverableDecision.objects.filter(deliverable=OuterRef("pk")).order_by("round")
    file_facts = JSONObject(
        id="pk", round="round", name="file__name", size="file__size", link="link"
    )
    facts = JSONObject(
        round="round",
        verdict="verdict",
        comment="comment",
        first="decided_by__first_name",
        last="decided_by__last_name",
        at="decided_at",
    )
    return deliverables.select_related("decided_by", "project", "milestone").annotate(
        pieces=ArraySubquery(files.values(facts=file_facts)),
        verdicts=ArraySubquery(decisions.values(facts=facts)),
    )


def pieces_of(deliverable: Deliverable, of_round: int) -> list[dict[str, Any]]:
    """Return what was handed over in a round, read by `with_history`, as a page shows it."""
    return [_piece(facts) for facts in deliverable.pieces if facts["round"] == of_round]  # type: ignore[attr-defined]


def verdicts_of(deliverable: Deliverable) -> list[dict[str, Any]]:
    """Return the decisions read by `with_history`, oldest first, each with its pieces."""
    return [
        {
            "round": facts["round"],
            "label": DeliverableDecision.Verdict(facts["verdict"]).label,
            "is_refusal": facts["verdict"] == DeliverableDecision.Verdict.REFUSED,
            "comment": facts["comment"],
            "who": f"{facts['first']} {facts['last']}".strip(),
            "at": datetime.fromisoformat(facts["at"]),
            "pieces": pieces_of(deliverable, facts["round"]),
        }
        for facts in deliverable.verdicts  # type: ignore[attr-defined]
    ]


def _piece(facts: dict[str, Any]) -> dict[str, Any]:
    return {**facts, **file_facts(facts)} if facts["name"] else facts


def file_facts(facts: dict[str, Any]) -> dict[str, Any]:
    """Return how a file is shown: what follows the last dot of its name, and its size."""
    name = facts["name"]
    return {
        "extension": name.rpartition(".")[2] if "." in name else "",
        "meta": file_size(facts["size"]),
    }


def word_facts(word: MilestoneComment) -> dict[str, Any]:
    """Return a word read by `words_of` as a page shows it."""
    files = [{**found, **file_facts(found)} for found in word.joined]  # type: ignore[attr-defined]
    return {"row": word, "files": files}


def lately(project: Project, user: Any) -> list[TimelineEntry]:
    """Return the last words and decisions on a project, newest first. One query."""
    words = MilestoneComment.objects.visible_to(user).filter(project=project)
    said = words.annotate(
        at=F("created_at"),
        kind=Value("word"),
        first=F("author__first_name"),
        last=F("author__last_name"),
        about=F("milestone__title"),
        detail=F("body"),
    )
    made = DeliverableDecision.objects.visible_to(user).filter(deliverable__project=project)
    decided = made.annotate(
        at=F("decided_at"),
        kind=F("verdict"),
        first=F("decided_by__first_name"),
        last=F("decided_by__last_name"),
        about=F("deliverable__title"),
        detail=F("comment"),
    )
    rows = said.values(*COLUMNS).union(decided.values(*COLUMNS), all=True)
    return [_entry(row) for row in rows.order_by("-at")[:MOST_LATELY]]


def _entry(found: dict[str, Any]) -> TimelineEntry:
    who = f"{found['first']} {found['last']}".strip()
    about = found["about"]
    if found["kind"] == "word" and not about:
        text = _("%(who)s a écrit sur la feuille de route")
    elif found["kind"] == "word":
        text = _("%(who)s a écrit sur « %(about)s »")
    elif found["kind"] == "approved":
        text = _("%(who)s a validé « %(about)s »")
    else:
        text = _("%(who)s a refusé « %(about)s »")
    return TimelineEntry(
        at=found["at"], text=text % {"who": who, "about": about}, detail=found["detail"][:120]
    )
