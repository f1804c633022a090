"""The page of a deliverable, its files, and the client's mark at the end of a project."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from core.access.views import OnceOnlyMixin, ScopedActionView
from core.files.links import download_response
from portal.projects import feedback_queries, telling
from portal.projects.forms import DecisionForm, SurveyForm
from portal.projects.models import (
    CommentFile,
    Deliverable,
    DeliverableDecision,
    DeliverableFile,
    Project,
    SurveyAnswer,
)
from portal.projects.participation import may_take_part
from portal.projects.roadmap_views import MilestonePageMixin
from portal.projects.services import deliverables as services
from portal.projects.services import surveys
from portal.projects.views import ProjectPageMixin

APPROVED = DeliverableDecision.Verdict.APPROVED


class DeliverableView(OnceOnlyMixin, MilestonePageMixin, ScopedActionView):
    """One deliverable: its versions, what was decided of each, and the decision to take."""

    def get(self, request: HttpRequest, pk: int, deliverable: int) -> HttpResponse:
        return self._page(DecisionForm())

    def take(self, request: HttpRequest, pk: int, deliverable: int) -> HttpResponse:
        form = DecisionForm(request.POST)
        if not form.is_valid():
            return self._page(form, status=422)
        data = form.cleaned_data
        try:
            services.decide_deliverable(
                deliverable=self.deliverable,
                of_round=data["version"],
                verdict=data["verdict"],
                comment=data["comment"],
                actor=request.user,
                at=timezone.now(),
            )
        except services.AlreadyDecided:
            del self.deliverable
            form.add_error(None, self._what_happened())
            return self._page(form, status=409)
        is_approved = data["verdict"] == APPROVED
        messages.success(
            request,
            _("Livrable validé, merci.")
            if is_approved
            else _("Votre refus est transmis à l’équipe."),
        )
        return redirect(self._back())

    @cached_property
    def deliverable(self) -> Deliverable:
        rows = feedback_queries.with_history(self.visible(Deliverable))
        asked = self.kwargs
        return get_object_or_404(rows, pk=asked["deliverable"], project_id=asked["pk"])

    def _what_happened(self) -> str:
        row = self.deliverable
        if row.status == Deliverable.Status.SUBMITTED:
            return _("Une nouvelle version a été remise : relisez-la avant de décider.")
        if row.decided_by is None:
            return _("Ce livrable n’attend pas de décision.")
        sentence = (
            _("%(who)s a déjà validé ce livrable.")
            if row.status == Deliverable.Status.APPROVED
            else _("%(who)s a déjà refusé ce livrable.")
        )
        return sentence % {"who": row.decided_by}

    def _back(self) -> str:
        row = self.deliverable
        if row.milestone is not None:
            return f"{telling.milestone_url(row.milestone)}#livrable-{row.pk}"
        return telling.deliverable_url(row)

    def _page(self, form: DecisionForm, status: int = 200) -> HttpResponse:
        row = self.deliverable
        facts = self.deliverable_facts(row)
        context = {
            **facts,
            "facts": facts,
            "project": row.project,
            "form": form,
            "may_write": self.may_ask(),
            "nav_key": self.nav_key,
        }
        return render(self.request, "portal/projects/deliverable.html", context, status=status)


class DeliverableFileView(ProjectPageMixin, ScopedActionView):
    """Hand over a file of a deliverable."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
        rows = self.visible(DeliverableFile).select_related("file").exclude(file=None)
        found = get_object_or_404(rows, pk=file, deliverable__project_id=pk)
        return download_response(request, found.file, inline=request.GET.get("voir") == "1")


class CommentFileView(ProjectPageMixin, ScopedActionView):
    """Hand over a file joined to a word."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
        rows = self.visible(CommentFile).select_related("file")
        found = get_object_or_404(rows, pk=file, comment__project_id=pk)
        return download_response(request, found.file, inline=request.GET.get("voir") == "1")


class SurveyView(OnceOnlyMixin, ProjectPageMixin, ScopedActionView):
    """The mark that a person gives a delivered project, from 0 to 10."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not may_take_part(request.user, self.project):
            raise Http404
        return self._page(SurveyForm(initial={**self._former(), **self.kept}))

    def take(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = SurveyForm(request.POST)
        if not form.is_valid():
            return self._page(form, status=422)
        try:
            surveys.answer_survey(
                project=self.project,
                score=form.cleaned_data["score"],
                comment=form.cleaned_data["comment"],
                actor=request.user,
                at=timezone.now(),
            )
        except surveys.CannotAnswer:
            form.add_error(None, _("Cet avis ne peut plus être modifié."))
            return self._page(form, status=409)
        messages.success(request, _("Merci, votre avis est enregistré."))
        return redirect("projects:survey", pk)

    @cached_property
    def project(self) -> Project:
        rows = self.visible(Project).exclude(delivered_at=None)
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    @cached_property
    def answer(self) -> SurveyAnswer | None:
        rows = self.visible(SurveyAnswer).filter(project=self.project, user=self.request.user)
        return rows.first()

    def _former(self) -> dict[str, Any]:
        return {"score": self.answer.score, "comment": self.answer.comment} if self.answer else {}

    def _page(self, form: SurveyForm, status: int = 200) -> HttpResponse:
        context = {
            "project": self.project,
            "answer": self.answer,
            "may_change": surveys.may_change(self.answer, timezone.now()),
            "last_day": self.answer.answered_at + surveys.MAY_CHANGE_FOR if self.answer else None,
            "form": form,
            "nav_key": self.nav_key,
        }
        return render(self.request, "portal/projects/survey.html", context, status=status)
