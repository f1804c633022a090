"""The roadmap of a project, the one of all projects, and the page of a milestone."""

from collections.abc import Callable
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Case, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.access.views import OnceOnlyMixin, ScopedActionView, ScopedTemplateView
from portal.projects import feedback_queries, queries, roadmap, states, telling
from portal.projects.forms import CommentForm, DecisionForm
from portal.projects.models import Deliverable, Milestone, Project
from portal.projects.participation import may_take_part
from portal.projects.services import words as services
from portal.projects.views import ProjectHeadMixin, ProjectPageMixin

MOST_STEPS = 400  # of all projects together


class CommentedMixin(OnceOnlyMixin):
    """A page with words, and a form to write one."""

    request: HttpRequest

    def answer(self, project: Project, milestone: Milestone | None) -> HttpResponse:
        """Keep what was written, or show the page again with what was typed."""
        form = CommentForm(self.request.POST, self.request.FILES, draft=self.draft_name(project))
        if not form.is_valid():
            return self.page(form, status=422)  # type: ignore[attr-defined]
        try:
            comment = services.comment_as_client(
                project=project,
                milestone=milestone,
                body=form.cleaned_data["body"],
                files=form.cleaned_data["files"],
                actor=self.request.user,
            )
        except ValidationError as refusal:
            form.add_error("files", refusal.messages[0])
            return self.page(form, status=422)  # type: ignore[attr-defined]
        except services.CannotComment:
            form.add_error("body", _("Ce projet est archivé : on n’y écrit plus."))
            return self.page(form, status=409)  # type: ignore[attr-defined]
        return redirect(telling.comment_url(comment))

    def draft_name(self, project: Project) -> str:
        """Return the name under which the device keeps what is being typed."""
        return f"projet-{project.pk}"

    def talk(self, project: Project, milestone: Milestone | None, form: Any) -> dict[str, Any]:
        """Return the words of the page, and its form when the person may write."""
        most = 10_000 if "tout" in self.request.GET else feedback_queries.MOST_WORDS
        words = feedback_queries.words_of(project, milestone, most=most)
        is_open = project.status != Project.Status.ARCHIVED
        may_write = is_open and may_take_part(self.request.user, project)
        blank = CommentForm(draft=self.draft_name(project), initial=self.kept)  # type: ignore[attr-defined]
        return {
            "words": [feedback_queries.word_facts(word) for word in words[-most:]],
            "has_older": len(words) > most,
            "form": (form or blank) if may_write or form else None,
        }


class RoadmapView(CommentedMixin, ProjectHeadMixin, ScopedActionView):
    """The roadmap of a project: a chart, then its milestones by version, then words on it."""

    section = "roadmap"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.page()

    def take(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.answer(self.project, None)

    @cached_property
    def project(self) -> Project:
        rows = queries.with_head(self.visible(Project), self.request.user)
        return get_object_or_404(rows, pk=self.kwargs["pk"])  # type: ignore[attr-defined]

    def page(self, form: CommentForm | None = None, status: int = 200) -> HttpResponse:
        """Show the roadmap, with a form that was refused if there is one."""
        today, project = timezone.localdate(), self.project
        steps = queries.steps_of(project.milestones.all(), today)
        chosen = self.request.GET.get("statut", "")
        kept = states.kept_by(chosen, steps)
        address = reverse("projects:roadmap", args=[project.pk])
        context = {
            **self.head_of(project, steps),
            "nav_key": self.nav_key,
            "filters": states.choices(chosen, steps, address),
            "chart": roadmap.chart_of([step.milestone for step in kept], today),
            "groups": _groups(kept, roadmap.of_version),
            "has_steps": bool(steps),
            "title": _("Feuille de route"),
            **self.talk(project, None, form),
        }
        return render(self.request, "portal/projects/roadmap.html", context, status=status)


class AllRoadmapsView(ProjectPageMixin, ScopedTemplateView):
    """The milestones of all the client's projects that are not put away."""

    template_name = "portal/projects/roadmap_all.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        rows = self.visible(Milestone).exclude(project__status=Project.Status.ARCHIVED)
        rows = rows.select_related("project")
        over = Case(When(project__status__in=queries.RUNNING, then=Value(0)), default=Value(1))
        steps = queries.steps_of(rows, today, over, "project__due_date", "project_id")[:MOST_STEPS]
        chosen = self.request.GET.get("statut", "")
        kept = states.kept_by(chosen, steps)
        return super().get_context_data(
            filters=states.choices(chosen, steps, reverse("projects:roadmaps")),
            chart=roadmap.chart_of(
                [step.milestone for step in kept], today, group=roadmap.of_project
            ),
            groups=_groups(kept, roadmap.of_project),
            has_steps=bool(steps),
            **kwargs,
        )


class MilestonePageMixin(ProjectPageMixin):
    """A page of a milestone or of what it hands over."""

    def deliverable_facts(self, row: Deliverable) -> dict[str, Any]:
        """Return a deliverable as its card shows it."""
        glyph, tone = states.DELIVERABLE_GLYPHS[row.status]
        waits = row.status == Deliverable.Status.SUBMITTED
        return {
            "row": row,
            "glyph": glyph,
            "tone": tone,
            "pieces": feedback_queries.pieces_of(row, row.round),
            "verdicts": feedback_queries.verdicts_of(row),
            "form": DecisionForm(auto_id=f"livrable-{row.pk}-%s") if waits else None,
            "may_decide": waits and may_take_part(self.request.user, row.project),
        }


class MilestoneView(CommentedMixin, MilestonePageMixin, ScopedActionView):
    """One milestone: what it is, what it hands over, what was said of it."""

    def get(self, request: HttpRequest, pk: int, milestone: int) -> HttpResponse:
        return self.page()

    def take(self, request: HttpRequest, pk: int, milestone: int) -> HttpResponse:
        return self.answer(self.milestone.project, self.milestone)

    @cached_property
    def milestone(self) -> Milestone:
        rows = self.visible(Milestone).select_related("project")
        asked = self.kwargs  # type: ignore[attr-defined]
        return get_object_or_404(rows, pk=asked["milestone"], project_id=asked["pk"])

    def draft_name(self, project: Project) -> str:
        return f"jalon-{self.milestone.pk}"

    def page(self, form: CommentForm | None = None, status: int = 200) -> HttpResponse:
        """Show the milestone, with a form that was refused if there is one."""
        row, today = self.milestone, timezone.localdate()
        rows = list(feedback_queries.with_history(row.deliverables.order_by("id")))
        handed = [states.HandedOver(found.pk, found.title, found.status) for found in rows]
        context = {
            "milestone": row,
            "project": row.project,
            "step": states.Step(row, today, handed),
            "deliverables": [self.deliverable_facts(found) for found in rows],
            "may_write": self.may_ask(),
            "nav_key": self.nav_key,
            **self.talk(row.project, row, form),
        }
        return render(self.request, "portal/projects/milestone.html", context, status=status)


def _groups(steps: list[states.Step], name_of: Callable[[Milestone], str]) -> list[dict[str, Any]]:
    """Return the steps in groups that follow their order, each under its name."""

    def key(step: states.Step) -> tuple[int, str]:
        return step.milestone.project_id, name_of(step.milestone)

    return [
        {"name": name, "project": rows[0].milestone.project, "steps": rows}
        for (_project, name), rows in ((found, list(rows)) for found, rows in groupby(steps, key))
    ]
