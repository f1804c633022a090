"""The roadmap of one project on one screen: added to, dated, ordered, moved as a whole.

Nothing is written before « Enregistrer »: each other button draws the page again with what was
typed, so that a shift of dates is read before it is kept.
"""

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from core.access.row_guard import RowGuard, policy_of
from core.ui.formats import date_long
from core.workdays.counting import open_days, working_day
from portal.projects.models import Milestone, Project
from portal.projects.services import roadmap

MOST_ROWS, FARTHEST = 200, 1000  # milestones; days of a shift


class RowForm(forms.Form):
    """One milestone, as typed."""

    title = forms.CharField(max_length=200)
    release = forms.CharField(max_length=30, required=False)
    status = forms.ChoiceField(choices=Milestone.Status.choices)
    start_date = forms.DateField(required=False, input_formats=["%Y-%m-%d", "%d/%m/%Y"])
    due_date = forms.DateField(required=False, input_formats=["%Y-%m-%d", "%d/%m/%Y"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, due = cleaned.get("start_date"), cleaned.get("due_date")
        if start and due and due < start:
            self.add_error("due_date", _("L’échéance précède le début."))
        return cleaned


@dataclass
class Line:
    """A row of the page: what is typed in it, what was read, what is wrong."""

    key: str
    typed: dict[str, str]
    pk: int | None = None
    seen: dict[str, str] = field(default_factory=dict)
    is_removed: bool = False
    is_chosen: bool = False
    errors: list[str] = field(default_factory=list)

    @property
    def said(self) -> str:
        """Return what was read, as the page keeps it."""
        return json.dumps(self.seen)

    @property
    def changed(self) -> list[tuple[Any, str]]:
        """Return the fields that differ from what was read, each with what was read."""
        return [
            (LABELS[name], _shown(name, self.seen.get(name, "")))
            for name in roadmap.FIELDS
            if self.pk and self.typed.get(name, "") != self.seen.get(name, "")
        ]


LABELS = {
    "title": gettext_lazy("Titre"),
    "release": gettext_lazy("Version"),
    "status": gettext_lazy("Statut"),
    "start_date": gettext_lazy("Début"),
    "due_date": gettext_lazy("Échéance"),
}


class RoadmapPage(RowGuard, WagtailAdminTemplateMixin, TemplateView):
    """Every milestone of a project, edited together."""

    model = Project
    template_name = "portal/projects/backoffice/roadmap.html"
    grid_template_name = "portal/projects/backoffice/roadmap_grid.html"
    page_title = gettext_lazy("Feuille de route")
    header_icon = "calendar-check"

    @property
    def project(self) -> Project:
        record = self.guarded_record()
        if not isinstance(record, Project):
            raise Http404
        return record

    @cached_property
    def order(self) -> list[int]:
        """The milestones in the order that the page was read in."""
        if self.request.method != "POST":
            return self._order_now()
        return [
            int(pk) for pk in self.request.POST.getlist("vu") if pk.isdecimal() and len(pk) < 18
        ]

    def _order_now(self) -> list[int]:
        rows = Milestone.objects.filter(project=self.project).order_by("sort_order", "id")
        return list(rows.values_list("pk", flat=True))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        name = "wagtailsnippets_projects_project"
        return [
            *self.breadcrumbs_items,
            {"url": reverse(f"{name}:list"), "label": _("Projets")},
            {
                "url": reverse(f"{name}:inspect", args=[self.project.pk]),
                "label": self.project.title,
            },
            {"url": "", "label": self.page_title},
        ]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self._context(lines_of(self.project)))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not policy_of(Milestone).user_has_permission(request.user, "change"):
            raise PermissionDenied
        lines = read_lines(request.POST)
        act, _colon, about = request.POST.get("acte", "enregistrer").partition(":")
        if act == "enregistrer":
            return self._save(lines)
        problem = change_lines(lines, act, about, request.POST)
        if request.headers.get("X-Requested-With"):
            context = self._context(lines, problem)
            return TemplateResponse(request, self.grid_template_name, context)
        return self.render_to_response(self._context(lines, problem))

    def _save(self, lines: list[Line]) -> HttpResponse:
        rows = check_lines(lines)
        problem = _("Rien n’est enregistré : corrigez ce qui est signalé.")
        if rows is not None:
            problem = self._written(lines, rows)
        if not problem:
            return redirect(self.request.get_full_path())
        return self.render_to_response(self._context(lines, problem), status=422)

    def _written(self, lines: list[Line], rows: list[roadmap.Row]) -> str:
        """Save; return what kept it from being saved."""
        try:
            count = roadmap.save_roadmap(
                project=self.project,
                rows=rows,
                seen_order=self.order,
                actor=self.request.user,
                at=timezone.now(),
            )
        except roadmap.CannotRemove as error:
            return error.message
        except roadmap.RoadmapChanged as error:
            return self._tell_conflict(lines, error)
        if not count:
            messages.info(self.request, _("Rien n’avait changé."))
        else:
            text = ngettext("%(count)s jalon changé.", "%(count)s jalons changés.", count)
            messages.success(self.request, text % {"count": count})
        return ""

    def _tell_conflict(self, lines: list[Line], error: roadmap.RoadmapChanged) -> str:
        """Say beside each row what it says now; saving again replaces it knowingly."""
        for line in lines:
            for name, text in error.rows.get(line.pk or 0, {}).items():
                words = _("%(field)s, enregistré entre-temps : « %(value)s ».")
                line.errors.append(
                    words % {"field": LABELS[name], "value": _shown(name, text) or "—"}
                )
                line.seen[name] = text
        if error.is_reordered:
            merge_lines(lines, self.project)
            self.order = self._order_now()
            return _(
                "Quelqu’un d’autre a ajouté, retiré ou déplacé des jalons. Votre saisie est "
                "conservée : vérifiez la liste, puis enregistrez de nouveau."
            )
        return _(
            "Quelqu’un d’autre a changé ces jalons. Votre saisie est conservée : vérifiez-la, puis "
            "enregistrez de nouveau pour la garder."
        )

    def _context(self, lines: list[Line], problem: str = "") -> dict[str, Any]:
        return self.get_context_data(
            project=self.project,
            lines=lines,
            problem=problem,
            order=self.order,
            statuses=Milestone.Status.choices,
            releases=sorted({line.typed["release"] for line in lines if line.typed["release"]}),
            may_save=policy_of(Milestone).user_has_permission(self.request.user, "change"),
            days=self.request.POST.get("jours", ""),
            since=self.request.POST.get("depuis", ""),
            in_working_days=self.request.method != "POST" or "ouvres" in self.request.POST,
        )


def lines_of(project: Project) -> list[Line]:
    """Return the milestones of a project as rows of the page."""
    rows = Milestone.objects.filter(project=project).order_by("sort_order", "id")
    found = []
    for row in rows:
        said = roadmap.facts_of(row)
        found.append(Line(key=f"j{row.pk}", typed=dict(said), pk=row.pk, seen=said))
    return found


def read_lines(post: QueryDict) -> list[Line]:
    """Read the rows of the page in the order they stand in."""
    lines = []
    for key in list(dict.fromkeys(post.getlist("rang")))[:MOST_ROWS]:
        pk = key[1:] if key.startswith("j") else ""
        typed = {name: post.get(f"{key}-{name}", "").replace("\0", "") for name in roadmap.FIELDS}
        lines.append(
            Line(
                key=key[:20],
                typed=typed,
                pk=int(pk) if pk.isdecimal() and len(pk) < 18 else None,
                seen=_seen(post.get(f"{key}-vu", "")),
                is_removed=f"{key}-retirer" in post,
                is_chosen=f"{key}-choisi" in post,
            )
        )
    return lines


def _seen(text: str) -> dict[str, str]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: str(found.get(name, "")) for name in roadmap.FIELDS}


def check_lines(lines: list[Line]) -> list[roadmap.Row] | None:
    """Return the rows to save; None when something typed is wrong, said beside it."""
    rows = []
    for line in lines:
        if line.pk is None and not any(line.typed[name] for name in ("title", "due_date")):
            continue  # an empty row that nobody filled
        form = RowForm(line.typed)
        if line.is_removed:
            rows.append(roadmap.Row(line.key, {}, line.pk, line.seen, is_removed=True))
            continue
        if not form.is_valid():
            line.errors = [
                f"{LABELS.get(name, '')} : {text}"
                for name, texts in form.errors.items()
                for text in texts
            ]
        else:
            rows.append(roadmap.Row(line.key, form.cleaned_data, line.pk, line.seen))
    return None if any(line.errors for line in lines) else rows


def change_lines(lines: list[Line], act: str, about: str, post: QueryDict) -> str:
    """Do on the page what a button asks; return what kept it from it."""
    if act == "ajouter":
        add_line(lines)
    elif act in ("haut", "bas"):
        move_line(lines, about, -1 if act == "haut" else 1)
    elif act == "version":
        release = post.get("vers", "").strip()[:30]
        chosen = [line for line in lines if line.is_chosen]
        if not chosen:
            return _("Cochez d’abord les jalons à mettre dans cette version.")
        for line in chosen:
            line.typed["release"], line.is_chosen = release, False
    elif act == "decaler":
        return shift_lines(lines, post.get("jours", ""), post.get("depuis", ""), "ouvres" in post)
    return ""


def add_line(lines: list[Line]) -> None:
    """Put an empty row at the end, in the version of the last one."""
    taken = {line.key for line in lines}
    key = next(f"n{rank}" for rank in range(MOST_ROWS + 1) if f"n{rank}" not in taken)
    typed = {**dict.fromkeys(roadmap.FIELDS, ""), "status": Milestone.Status.UPCOMING.value}
    typed["release"] = lines[-1].typed["release"] if lines else ""
    lines.append(Line(key=key, typed=typed))


def move_line(lines: list[Line], key: str, by: int) -> None:
    """Move a row up or down by one."""
    place = next((rank for rank, line in enumerate(lines) if line.key == key), None)
    if place is not None and 0 <= place + by < len(lines):
        lines[place], lines[place + by] = lines[place + by], lines[place]


def shift_lines(lines: list[Line], days: str, since: str, in_working_days: bool) -> str:
    """Shift the dates of a row and of those after it that are not done; return what is wrong."""
    try:
        count = int(days.replace("−", "-").strip())
    except ValueError:
        return _("Dites de combien de jours, par exemple 5 ou −3.")
    if not count or abs(count) > FARTHEST:
        return _("Un décalage va de 1 à %(most)s jours, en plus ou en moins.") % {"most": FARTHEST}
    place = next((rank for rank, line in enumerate(lines) if line.key == since), 0)
    is_open = open_days() if in_working_days else None
    for line in lines[place:]:
        if line.typed["status"] == Milestone.Status.DONE or line.is_removed:
            continue
        for name in ("start_date", "due_date"):
            day = _day(line.typed[name])
            if day is None:
                continue
            moved = working_day(day, count, is_open) if is_open else day + timedelta(days=count)
            line.typed[name] = moved.isoformat()
    return ""


def merge_lines(lines: list[Line], project: Project) -> None:
    """Bring in the milestones that came meanwhile, and let go of those that went."""
    now = {line.pk: line for line in lines_of(project)}
    lines[:] = [line for line in lines if line.pk is None or line.pk in now]
    known = {line.pk for line in lines}
    lines += [line for pk, line in now.items() if pk not in known]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _shown(name: str, text: str) -> str:
    if name == "status":
        return str(Milestone.Status(text).label) if text in Milestone.Status.values else text
    day = _day(text) if name.endswith("_date") else None
    return date_long(day) if day else text


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    """Give the address of the page."""
    return [
        path("projets/<int:pk>/feuille-de-route/", RoadmapPage.as_view(), name="project_roadmap")
    ]
