"""What projects tell of a client to the team: the work under way, what is late, who is unhappy."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks

from core.hooks import HealthSign, Section
from core.ui.formats import date_long
from portal.projects.models import Milestone, Project, SurveyAnswer

TAB = "projets"
POINTS_EACH, MOST_POINTS = -8, -24  # for late milestones
UNHAPPY_POINTS, UNHAPPY_AT_MOST = -15, 6  # out of ten: would not recommend us
HAPPY_POINTS, HAPPY_FROM = 5, 9
LATELY = timedelta(days=180)
BEHIND_POINTS, BEHIND_BY = -8, 25  # percent of the time gone by that the work is behind
MOST_PROJECTS = 20


@hooks.register("nourx_health_signs")
def late_milestones(client_ids: Sequence[int], on: date) -> Iterable[HealthSign]:
    """Worry about clients whose milestones are late."""
    rows = Milestone.objects.filter(
        client__in=client_ids, due_date__lt=on, project__status=Project.Status.ACTIVE
    )
    late: Any = rows.exclude(status=Milestone.Status.DONE).order_by().values("client_id")
    for row in late.annotate(count=Count("pk"), oldest=Min("due_date")):
        text = ngettext(
            "%(count)s jalon en retard, attendu le %(day)s",
            "%(count)s jalons en retard, le premier attendu le %(day)s",
            row["count"],
        )
        yield HealthSign(
            row["client_id"],
            max(MOST_POINTS, POINTS_EACH * row["count"]),
            text % {"count": row["count"], "day": date_long(row["oldest"])},
            f"?onglet={TAB}",
        )


@hooks.register("nourx_health_signs")
def projects_behind(client_ids: Sequence[int], on: date) -> Iterable[HealthSign]:
    """Worry about projects whose work is far behind the time gone by."""
    rows = Project.objects.filter(client__in=client_ids, status=Project.Status.ACTIVE)
    dated = rows.exclude(start_date=None).exclude(due_date=None)
    for project in dated.only("client_id", "title", "start_date", "due_date", "progress"):
        gone = time_gone(project.start_date, project.due_date, on)
        if gone - project.progress < BEHIND_BY:
            continue
        text = _text("« %(title)s » : %(progress)s %% faits, %(gone)s %% du temps passé") % {
            "title": project.title,
            "progress": project.progress,
            "gone": gone,
        }
        url = reverse("wagtailsnippets_projects_project:inspect", args=[project.pk])
        yield HealthSign(project.client_id, BEHIND_POINTS, text, url)


def time_gone(first: date, last: date, on: date) -> int:
    """Return how much of a period is over on a day, in percent, from 0 to 100."""
    if last <= first:
        return 100 if on >= last else 0
    return max(0, min(100, 100 * (on - first).days // (last - first).days))


@hooks.register("nourx_health_signs")
def last_opinions(client_ids: Sequence[int], on: date) -> Iterable[HealthSign]:
    """Take the last opinion that each client gave on a delivered project, within six months."""
    rows = SurveyAnswer.objects.filter(
        client__in=client_ids, answered_at__date__gte=on - LATELY
    ).order_by("client_id", "-answered_at", "-pk")
    for row in rows.distinct("client_id").only("client_id", "score", "project_id"):
        if row.score > UNHAPPY_AT_MOST and row.score < HAPPY_FROM:
            continue
        points = UNHAPPY_POINTS if row.score <= UNHAPPY_AT_MOST else HAPPY_POINTS
        text = _text("Dernier avis de fin de projet : %s sur 10") % row.score
        url = reverse("wagtailsnippets_projects_surveyanswer:list")
        yield HealthSign(row.client_id, points, text, url)


@hooks.register("nourx_client_sections")
def projects_of_client(client: Any) -> Iterator[Section]:
    """Show the projects of a client."""
    listing = reverse("wagtailsnippets_projects_project:list")
    yield Section(
        title=_("Projets"),
        headings=(_("Projet"), _("Statut"), _("Avancement"), _("Début"), _("Livraison prévue")),
        rows=lambda: _projects(client),
        links=((_("Tous les projets"), f"{listing}?client={client.pk}"),),
        empty=_("Aucun projet."),
        order=10,
        tab=TAB,
    )
    yield Section(
        title=_("Jalons à venir ou en retard"),
        headings=(_("Jalon"), _("Projet"), _("Statut"), _("Échéance")),
        rows=lambda: _milestones(client),
        empty=_("Aucun jalon ouvert."),
        order=20,
        tab=TAB,
    )


def _projects(client: Any) -> list[Any]:
    rows = Project.objects.filter(client=client).order_by("-pk")[:MOST_PROJECTS]
    return [
        (
            _link("wagtailsnippets_projects_project:inspect", row.pk, row.title),
            row.get_status_display(),
            f"{row.progress} %",
            date_long(row.start_date) if row.start_date else "—",
            date_long(row.due_date) if row.due_date else "—",
        )
        for row in rows
    ]


def _milestones(client: Any) -> list[Any]:
    rows = Milestone.objects.filter(client=client).exclude(status=Milestone.Status.DONE)
    rows = rows.exclude(due_date=None).select_related("project").order_by("due_date", "pk")
    return [
        (row.title, row.project.title, row.get_status_display(), date_long(row.due_date))
        for row in rows[:MOST_PROJECTS]
    ]


def _link(name: str, pk: int, text: Any) -> Any:
    return format_html('<a href="{}">{}</a>', reverse(name, args=[pk]), text)
