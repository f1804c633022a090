"""What steering shows on the page of a project: budget, planning, risks, team, papers, history."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.log_actions import registry as log_registry
from wagtail.models import ModelLogEntry

from core.audit import log
from core.hooks import Section
from core.ui.formats import date_long, date_short, moment
from portal.documents.models import DocumentRequest, ProjectDocument
from portal.projects.models import Milestone, Project, Task, TimeEntry
from portal.steering.models import ProgressReport, Risk
from portal.steering.screens.gauges import gauges_of, hours_text
from portal.steering.screens.planning import draw

MOST_ROWS, MOST_ACTS = 50, 60
WEEK = timedelta(days=7)


@hooks.register("nourx_project_sections")
def steering_of_project(project: Project) -> Iterator[Section]:
    """Give the tabs of a project, each read when it shows."""
    today = timezone.localdate()
    yield from _pilotage(project, today)
    yield from _told(project)
    yield from _work(project, today)
    yield from _papers(project, today)
    yield Section(
        title=_("Historique"),
        headings=(_("Quand"), _("Qui"), _("Quoi"), _("Détail")),
        rows=lambda: _history(project),
        empty=_("Rien encore."),
        tab="historique",
    )


def _pilotage(project: Project, today: date) -> Iterator[Section]:
    yield Section(
        title=_("Budget, temps et avancement"),
        template="portal/steering/gauges.html",
        context=lambda: gauges_of(project, today),
        order=5,
        tab="pilotage",
    )
    yield Section(
        title=_("Planning"),
        template="portal/steering/planning.html",
        context=lambda: _planning(project, today),
        empty=_("Aucun jalon n’a de date."),
        links=[(_("Modifier la feuille de route"), reverse("project_roadmap", args=[project.pk]))],
        order=10,
        tab="pilotage",
    )
    add_risk = reverse("wagtailsnippets_steering_risk:add") + f"?projet={project.pk}"
    yield Section(
        title=_("Risques"),
        headings=(
            _("Risque"),
            _("Criticité"),
            _("Suivi par"),
            _("Parade"),
            _("À revoir"),
            _("Statut"),
        ),
        rows=lambda: _risks(project, today),
        empty=_("Aucun risque noté."),
        links=[(_("Noter un risque"), add_risk)],
        order=20,
        tab="pilotage",
    )


def _told(project: Project) -> Iterator[Section]:
    yield Section(
        title=_("Rapports d’avancement"),
        headings=(_("Semaine"), _("Statut"), _("Envoyé le")),
        rows=lambda: _reports(project),
        empty=_("Aucun rapport : le premier se prépare vendredi, si le projet est en cours."),
        order=30,
        tab="pilotage",
    )


def _work(project: Project, today: date) -> Iterator[Section]:
    yield Section(
        title=_("Équipe"),
        headings=(_("Personne"), _("Rôle"), _("Montrée au client"), _("Tâches ouvertes"),
                  _("En retard"), _("Temps, 7 jours")),
        rows=lambda: _team(project, today),
        empty=_("Personne n’est sur ce projet."),
        links=[(_("Modifier l’équipe"), _edit(project))],
        tab="equipe",
    )  # fmt: skip
    listed = reverse("wagtailsnippets_projects_task:list")
    yield Section(
        title=_("Tâches à faire"),
        headings=(_("Tâche"), _("Jalon"), _("Statut"), _("Assignée à"), _("Échéance")),
        rows=lambda: _tasks(project, today),
        empty=_("Aucune tâche à faire."),
        links=[
            (_("Modifier dans la liste"), f"{listed}?project={project.pk}"),
            (_("Nouvelle tâche"), reverse("wagtailsnippets_projects_task:add")),
        ],
        tab="taches",
    )


def _papers(project: Project, today: date) -> Iterator[Section]:
    yield Section(
        title=_("Documents"),
        headings=(_("Document"), _("Dossier"), _("Visible par"), _("Version")),
        rows=lambda: _documents(project),
        empty=_("Aucun document."),
        links=[(_("Nouveau document"), reverse("wagtailsnippets_documents_projectdocument:add"))],
        order=10,
        tab="documents",
    )
    yield Section(
        title=_("Documents demandés au client"),
        headings=(_("Document"), _("Pour le"), _("État")),
        rows=lambda: _requests(project, today),
        empty=_("Rien n’est demandé."),
        links=[
            (_("Demander un document"), reverse("wagtailsnippets_documents_documentrequest:add"))
        ],
        order=20,
        tab="documents",
    )


def _planning(project: Project, today: date) -> Any:
    rows = Milestone.objects.filter(project=project.pk).order_by("sort_order", "id")
    title = _("Planning de %(project)s, détaillé dans les jalons") % {"project": project.title}
    return draw(
        title, list(rows.defer("search_vector")), today, lambda row: _page(row, "milestone")
    )


def _page(row: Any, model: str, app: str = "projects") -> str:
    return reverse(f"wagtailsnippets_{app}_{model}:inspect", args=[row.pk])


def _link(url: str, text: Any) -> str:
    return format_html('<a href="{}">{}</a>', url, text)


def _edit(project: Project) -> str:
    return reverse("wagtailsnippets_projects_project:edit", args=[project.pk])


def _risks(project: Project, today: date) -> list[tuple[Any, ...]]:
    rows = Risk.objects.filter(project=project.pk).select_related("owner")
    rows = rows.order_by("status", "-score", "id")[:MOST_ROWS]
    return [
        (
            _link(_page(row, "risk", "steering"), row.title),
            f"{row.score} / 9",
            row.owner or "—",
            row.mitigation[:160] or "—",
            _review(row, today),
            row.get_status_display(),
        )
        for row in rows
    ]


def _review(row: Risk, today: date) -> str:
    if row.review_on is None:
        return "—"
    text = date_short(row.review_on)
    return _("%(day)s, à revoir") % {"day": text} if row.is_to_review(today) else text


def _reports(project: Project) -> list[tuple[Any, ...]]:
    rows = ProgressReport.objects.filter(project=project.pk).order_by("-year", "-week")[:12]
    return [
        (
            _link(
                _page(row, "progressreport", "steering"),
                _("Semaine du %(day)s") % {"day": date_long(row.monday)},
            ),
            row.get_status_display(),
            date_long(timezone.localtime(row.sent_at).date()) if row.sent_at else "—",
        )
        for row in rows
    ]


def _team(project: Project, today: date) -> list[tuple[Any, ...]]:
    """Return the people of a project with what they have to do on it. Three queries."""
    open_tasks = Task.objects.filter(project=project.pk, archived_at=None).order_by()
    open_tasks = open_tasks.exclude(status=Task.Status.DONE)
    counts = {
        row["assignee"]: row
        for row in open_tasks.values("assignee").annotate(
            every=Count("pk"), late=Count("pk", filter=Q(due_date__lt=today))
        )
    }
    recent = TimeEntry.objects.filter(project=project.pk, spent_on__gt=today - WEEK)
    minutes: dict[int, int] = {}
    for user_id, spent in recent.values_list("user_id", "minutes"):
        minutes[user_id] = minutes.get(user_id, 0) + spent
    team = project.team.select_related("user").order_by("pk")
    none = {"every": 0, "late": 0}
    return [
        (
            row.user,
            row.part or row.user.job_title or "—",
            _("Oui") if row.is_visible else _("Non"),
            counts.get(row.user_id, none)["every"],
            counts.get(row.user_id, none)["late"],
            hours_text(minutes.get(row.user_id, 0)),
        )
        for row in team
    ]


def _tasks(project: Project, today: date) -> list[tuple[Any, ...]]:
    rows = Task.objects.filter(project=project.pk, archived_at=None)
    rows = rows.exclude(status=Task.Status.DONE).select_related("milestone", "assignee")
    late = _("%(day)s, en retard")
    return [
        (
            _link(_page(row, "task"), row.title),
            row.milestone or "—",
            row.get_status_display(),
            row.assignee or "—",
            "—"
            if row.due_date is None
            else late % {"day": date_short(row.due_date)}
            if row.due_date < today
            else date_short(row.due_date),
        )
        for row in rows.order_by("due_date", "-priority", "id")[:MOST_ROWS]
    ]


def _documents(project: Project) -> list[tuple[Any, ...]]:
    rows = ProjectDocument.objects.filter(project=project.pk).annotate(last=Count("versions"))
    return [
        (
            _link(_page(row, "projectdocument", "documents"), row.title),
            row.folder or "—",
            row.get_visibility_display(),
            f"v{row.last}" if row.last else "—",
        )
        for row in rows.order_by("folder", "title")[:MOST_ROWS]
    ]


def _requests(project: Project, today: date) -> list[tuple[Any, ...]]:
    rows = DocumentRequest.objects.filter(project=project.pk).order_by("-pk")[:MOST_ROWS]
    return [
        (
            _link(_page(row, "documentrequest", "documents"), row.title),
            date_long(row.due_date) if row.due_date else "—",
            _("Reçu")
            if row.is_received
            else _("En retard")
            if row.is_late(today)
            else _("Attendu"),
        )
        for row in rows
    ]


def _history(project: Project) -> list[tuple[Any, ...]]:
    """Return what was done to a project and to its milestones, the last first. Three queries."""
    kinds = ContentType.objects.get_for_models(Project, Milestone)
    milestones = [
        str(pk) for pk in Milestone.objects.filter(project=project.pk).values_list("pk", flat=True)
    ]
    about = Q(content_type=kinds[Project], object_id=str(project.pk)) | Q(
        content_type=kinds[Milestone], object_id__in=milestones
    )
    rows = ModelLogEntry.objects.filter(about).select_related("user").order_by("-timestamp", "-pk")
    now, labels = timezone.localtime(), log.declared()
    return [
        (
            moment(timezone.localtime(row.timestamp), now),
            row.user or _("Système"),
            labels.get(row.action) or log_registry.get_action_label(row.action),
            _detail(row),
        )
        for row in rows[:MOST_ACTS]
    ]


def _detail(row: ModelLogEntry) -> str:
    """Say what a line of the log is about, and what changed."""
    changes = (row.data or {}).get("changes") or {}
    told = "; ".join(f"{before or '—'} → {after or '—'}" for before, after in changes.values())
    about = "" if row.content_type.model == "project" else row.label
    return " · ".join(part for part in (about, told) if part)
