"""What steering shows on the page of a project: budget, planning, risks, team, papers, history."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.log_actions import registry as log_registry
from wagtail.models import ModelLogEntry

from core.audit import log
from core.hooks import Section, billed_of_projects
from core.money import format_amount
from core.ui.formats import date_long, date_short, moment, percent
from portal.documents.models import DocumentRequest, ProjectDocument
from portal.projects import standing
from portal.projects.models import Milestone, Project, Task, TimeEntry
from portal.steering.models import ProgressReport, Risk
from portal.steering.reading.spending import Budget, budgets_of
from portal.steering.screens.planning import draw

MOST_ROWS, MOST_ACTS = 50, 60
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Gauge:
    """A figure of a project, with its share of a whole, and what is wrong with it."""

    label: Any
    figure: Any
    share: int | None = None
    tone: str = ""
    note: Any = ""
    alert: Any = ""

    @property
    def width(self) -> int:
        """Return how much of the gauge is full, from 0 to 100."""
        return min(max(self.share or 0, 0), 100)


@hooks.register("nourx_project_sections")
def steering_of_project(project: Project) -> Iterator[Section]:
    """Give the tabs of a project, each read when it shows."""
    today = timezone.localdate()
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
    yield Section(
        title=_("Rapports d’avancement"),
        headings=(_("Semaine"), _("Statut"), _("Envoyé le")),
        rows=lambda: _reports(project),
        empty=_("Aucun rapport : le premier se prépare vendredi, si le projet est en cours."),
        order=30,
        tab="pilotage",
    )
    yield Section(
        title=_("Équipe"),
        headings=(_("Personne"), _("Rôle"), _("Montrée au client"), _("Tâches ouvertes"),
                  _("En retard"), _("Temps, 7 jours")),
        rows=lambda: _team(project, today),
        empty=_("Personne n’est sur ce projet."),
        links=[(_("Modifier l’équipe"), _edit(project))],
        tab="equipe",
    )  # fmt: skip
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
    yield Section(
        title=_("Historique"),
        headings=(_("Quand"), _("Qui"), _("Quoi"), _("Détail")),
        rows=lambda: _history(project),
        empty=_("Rien encore."),
        tab="historique",
    )


def gauges_of(project: Project, today: date) -> list[Gauge]:
    """Return what was used of the budget, how far the work is, and how milestones were kept."""
    budget = budgets_of([project])[project.pk]
    done = Count("pk", filter=Q(status=Milestone.Status.DONE))
    late = Count("pk", filter=Q(due_date__lt=today) & ~Q(status=Milestone.Status.DONE))
    found = Milestone.objects.filter(project=project.pk).aggregate(
        every=Count("pk"), done=done, late=late
    )
    return [
        _money_gauge(project, budget),
        _hours_gauge(budget),
        _progress_gauge(project, today),
        Gauge(
            label=_("Jalons terminés"),
            figure=f"{found['done']} / {found['every']}",
            share=found["done"] * 100 // found["every"] if found["every"] else None,
            tone="bad" if found["late"] else "",
            alert=ngettext("%(count)s en retard", "%(count)s en retard", found["late"])
            % {"count": found["late"]}
            if found["late"]
            else "",
        ),
        _margin_gauge(project, budget),
    ]


def _money_gauge(project: Project, budget: Budget) -> Gauge:
    spent, used, currency = budget.spending, budget.money_used, project.currency
    note = _("%(costs)s de coûts et %(worth)s de temps") % {
        "costs": format_amount(spent.costs, currency),
        "worth": format_amount(spent.worth, currency),
    }
    if budget.amount is None or used is None:
        return Gauge(_("Dépensé"), format_amount(spent.total, currency), note=note)
    alert = ""
    if spent.total > budget.amount:
        over = format_amount(spent.total - budget.amount, currency)
        alert = _("Budget dépassé de %(amount)s") % {"amount": over}
    elif used >= 80:
        alert = _("Plus de 80 % du budget est utilisé")
    return Gauge(
        label=_("Budget utilisé"),
        figure=percent(used),
        share=used,
        tone="bad" if spent.total > budget.amount else "warn" if alert else "",
        alert=alert,
        note=_("%(spent)s sur %(budget)s : %(note)s")
        % {
            "spent": format_amount(spent.total, currency),
            "budget": format_amount(budget.amount, currency),
            "note": note,
        },
    )


def _hours_gauge(budget: Budget) -> Gauge:
    used, spent = budget.hours_used, hours_text(budget.spending.minutes)
    if not budget.hours or used is None:
        return Gauge(_("Temps passé"), spent)
    is_over = budget.spending.minutes > budget.hours * 60
    return Gauge(
        label=_("Heures utilisées"),
        figure=percent(used),
        share=used,
        tone="bad" if is_over else "warn" if used >= 80 else "",
        alert=_("Heures dépassées") if is_over else "",
        note=_("%(spent)s sur %(hours)s h") % {"spent": spent, "hours": budget.hours},
    )


def _progress_gauge(project: Project, today: date) -> Gauge:
    expected = standing.expected_progress(project.start_date, project.due_date, today)
    is_behind = standing.is_behind(project, today)
    return Gauge(
        label=_("Avancement"),
        figure=percent(project.progress),
        share=project.progress,
        tone="warn" if is_behind else "",
        alert=_("En dessous du calendrier") if is_behind else "",
        note=_("Le calendrier en attend %(share)s") % {"share": percent(expected)}
        if expected is not None
        else "",
    )


def _margin_gauge(project: Project, budget: Budget) -> Gauge:
    billed = sum(
        row.amount for row in billed_of_projects([project.pk]) if row.currency == project.currency
    )
    margin = billed - budget.spending.total
    return Gauge(
        label=_("Facturé moins dépensé"),
        figure=format_amount(margin, project.currency),
        tone="bad" if billed and margin < 0 else "",
        note=_("%(amount)s facturés hors taxes")
        % {"amount": format_amount(billed, project.currency)},
    )


def hours_text(minutes: int) -> str:
    """Write a time: « 12 h 30 », « 45 min »."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}\u00a0min"
    return f"{hours}\u00a0h" + (f"\u00a0{rest:02}" if rest else "")


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
