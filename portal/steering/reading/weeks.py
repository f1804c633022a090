"""What a week of a project was made of, in the words of its report."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from core.ui.formats import date_short
from portal.documents.models import DocumentRequest
from portal.projects.models import Deliverable, Milestone, Project, Task, TimeEntry
from portal.steering.models import Risk

WEEK = timedelta(days=7)
AHEAD = timedelta(days=14)  # milestones of so many days after the week are told as coming
MOST_LINES = 12  # of each kind: a report is read in a minute


@dataclass(frozen=True)
class Week:
    """The parts of a report, drafted; each is a text of lines that begin with a dash."""

    done: str
    coming: str
    risks: str
    minutes: int


def compose(project: Project, monday: date) -> Week:
    """Draft the report of a week of a project from what is known of it. Eight queries."""
    end = monday + WEEK
    return Week(
        done=listed(_done(project, _moment(monday), _moment(end))),
        coming=listed(_coming(project, end)),
        risks=listed(_risks(project, end)),
        minutes=TimeEntry.objects.filter(
            project=project, spent_on__gte=monday, spent_on__lt=end
        ).aggregate(spent=Sum("minutes"))["spent"]
        or 0,
    )


def listed(lines: Iterable[Any]) -> str:
    """Return lines as a text, one a row."""
    return "\n".join(f"– {line}" for line in lines)


def _done(project: Project, first: datetime, end: datetime) -> list[str]:
    milestones = Milestone.objects.filter(project=project, done_at__gte=first, done_at__lt=end)
    approved = Deliverable.objects.filter(
        project=project,
        status=Deliverable.Status.APPROVED,
        decided_at__gte=first,
        decided_at__lt=end,
    )
    tasks = Task.objects.filter(
        project=project, is_shared=True, archived_at=None, done_at__gte=first, done_at__lt=end
    )
    return [
        *(
            _("Jalon terminé : %(title)s") % {"title": title}
            for title in _titles(milestones.order_by("done_at"))
        ),
        *(
            _("Livrable validé : %(title)s") % {"title": title}
            for title in _titles(approved.order_by("decided_at"))
        ),
        *_titles(tasks.order_by("done_at")),
    ]


def _coming(project: Project, end: date) -> list[str]:
    milestones = Milestone.objects.filter(
        project=project, due_date__gte=end - WEEK, due_date__lt=end + AHEAD
    ).exclude(status=Milestone.Status.DONE)
    tasks = Task.objects.filter(project=project, is_shared=True, archived_at=None)
    tasks = tasks.exclude(status=Task.Status.DONE)
    near = Q(status__in=(Task.Status.DOING, Task.Status.REVIEW)) | Q(due_date__lt=end + WEEK)
    return [
        *(
            _("%(title)s, prévu le %(day)s") % {"title": title, "day": date_short(day)}
            for title, day in milestones.order_by("due_date").values_list("title", "due_date")[
                :MOST_LINES
            ]
            if day
        ),
        *_titles(tasks.filter(near).order_by("due_date", "id")),
    ]


def _risks(project: Project, end: date) -> list[str]:
    late = Milestone.objects.filter(project=project, due_date__lt=end - WEEK).exclude(
        status=Milestone.Status.DONE
    )
    waiting = Deliverable.objects.filter(project=project, status=Deliverable.Status.SUBMITTED)
    asked = DocumentRequest.objects.filter(project=project, fulfilled_at=None)
    told = Risk.objects.filter(project=project, is_told=True).exclude(status=Risk.Status.CLOSED)
    return [
        *(
            _("Jalon en retard : %(title)s, prévu le %(day)s")
            % {"title": title, "day": date_short(day)}
            for title, day in late.order_by("due_date").values_list("title", "due_date")[
                :MOST_LINES
            ]
            if day
        ),
        *(
            _("Votre accord est attendu : %(title)s") % {"title": title}
            for title in _titles(waiting.order_by("submitted_at"))
        ),
        *(
            _("Document attendu de votre part : %(title)s") % {"title": title}
            for title in _titles(asked.order_by("due_date"))
        ),
        *_titles(told.order_by("-score")),
    ]


def _titles(rows: Any) -> list[str]:
    return list(rows.values_list("title", flat=True)[:MOST_LINES])


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
