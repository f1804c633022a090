"""The gauges of a project: its budget, its hours, how far it is, and what it brings."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.hooks import billed_of_projects
from core.money import format_amount
from core.ui.formats import percent
from portal.projects import standing
from portal.projects.models import Milestone, Project
from portal.steering.reading.spending import WARNED_AT, Budget, budgets_of


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
    elif used >= WARNED_AT:
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
        tone="bad" if is_over else "warn" if used >= WARNED_AT else "",
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
