"""Tables under a project, a milestone, a deliverable: what was said, handed over and decided."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from core.access.row_guard import require_view
from core.files.links import download_response
from core.hooks import Section
from core.ui.formats import moment
from portal.projects.models import (
    CommentFile,
    Deliverable,
    DeliverableFile,
    Milestone,
    MilestoneComment,
    Project,
    SurveyAnswer,
)

MOST_WORDS = 100
ROADMAP = "jalons"  # a tab of the page of a project
KINDS: dict[str, Any] = {"commentaires": CommentFile, "livrables": DeliverableFile}


def talk_of(record: Project | Milestone | MilestoneComment) -> Section:
    """Return the words where a record stands: on a milestone, or on a whole roadmap."""
    rows = _words_about(record).select_related("author").prefetch_related("files__file")
    return Section(
        title=_("Échanges avec le client"),
        headings=(_("Quand"), _("Qui"), _("Message")),
        rows=lambda: [
            (_when(row.created_at), row.author, _body(row))
            for row in reversed(rows.order_by("-created_at", "-pk")[:MOST_WORDS])
        ],
        empty=_("Aucun message."),
        order=90,
        tab=ROADMAP,
    )


def deliverables_of(record: Project | Milestone) -> Section:
    """Return the deliverables of a milestone or a project, each with a link to its page."""
    return Section(
        title=_("Livrables"),
        headings=(_("Livrable"), _("Statut"), _("Version"), _("Commentaire du client")),
        rows=lambda: [
            (_page("deliverable", row), row.get_status_display(), row.round, row.comment)
            for row in record.deliverables.order_by("id")
        ],
        tab=ROADMAP,
        empty=_("Aucun livrable."),
        links=[(_("Nouveau livrable"), reverse("wagtailsnippets_projects_deliverable:add"))],
        order=20,
    )


def milestones_of(project: Project) -> Section:
    """Return the milestones of a project, each with a link to its page."""
    return Section(
        title=_("Jalons"),
        headings=(_("Jalon"), _("Version"), _("Statut"), _("Début"), _("Échéance")),
        rows=lambda: _milestone_rows(project),
        empty=_("Aucun jalon."),
        links=[(_("Modifier la feuille de route"), reverse("project_roadmap", args=[project.pk]))],
        order=10,
        tab=ROADMAP,
    )


def _milestone_rows(project: Project) -> list[tuple[Any, ...]]:
    today = timezone.localdate()
    return [
        (
            _page("milestone", row),
            row.release,
            _("%(status)s, en retard") % {"status": row.get_status_display()}
            if row.is_late(today)
            else row.get_status_display(),
            row.start_date or "",
            row.due_date or "",
        )
        for row in Milestone.objects.filter(project=project.pk).order_by("sort_order", "id")
    ]


def pieces_of(deliverable: Deliverable) -> Section:
    """Return what was handed over, round by round."""
    rows = deliverable.files.select_related("file").order_by("-round", "pk")
    return Section(
        title=_("Pièces remises"),
        headings=(_("Version"), _("Pièce")),
        rows=[(row.round, _piece(row)) for row in rows],
        empty=_("Aucune pièce : elles se joignent en soumettant le livrable."),
    )


def decisions_of(deliverable: Deliverable) -> Section:
    """Return what the client decided, the last first."""
    rows = deliverable.decisions.select_related("decided_by").order_by("-round")
    return Section(
        title=_("Décisions du client"),
        headings=(_("Version"), _("Décision"), _("Qui"), _("Quand"), _("Commentaire")),
        rows=[
            (
                row.round,
                row.get_verdict_display(),
                row.decided_by,
                _when(row.decided_at),
                row.comment,
            )
            for row in rows
        ],
        empty=_("Aucune décision."),
    )


def answers_of(project: Project) -> Section:
    """Return what people of the client said when the project was delivered."""
    rows = SurveyAnswer.objects.filter(project=project).select_related("user")
    return Section(
        title=_("Avis de fin de projet"),
        headings=(_("Note sur 10"), _("Qui"), _("Commentaire")),
        rows=[(row.score, row.user, row.comment) for row in rows.order_by("-answered_at")],
        empty=_("Aucun avis reçu."),
        order=95,
    )


def _words_about(record: Project | Milestone | MilestoneComment) -> QuerySet[MilestoneComment]:
    rows = MilestoneComment.objects.all()
    if isinstance(record, Milestone):
        return rows.filter(milestone=record)
    if isinstance(record, Project):
        return rows.filter(project=record, milestone=None)
    return rows.filter(project_id=record.project_id, milestone_id=record.milestone_id)


def _body(comment: MilestoneComment) -> SafeString:
    links = [(_file_link("commentaires", row),) for row in comment.files.all()]
    return format_html("{}{}", comment.body, format_html_join("", "<br>{}", links))


def _piece(row: DeliverableFile) -> SafeString:
    if row.file is not None:
        return _file_link("livrables", row)
    return format_html('<a href="{0}" rel="noopener noreferrer">{0}</a>', row.link)


def _file_link(kind: str, row: CommentFile | DeliverableFile) -> SafeString:
    url = reverse("projects_admin_file", args=[kind, row.pk])
    return format_html('<a href="{}">{}</a>', url, row.file)


def _page(model: str, row: Any) -> SafeString:
    url = reverse(f"wagtailsnippets_projects_{model}:inspect", args=[row.pk])
    return format_html('<a href="{}">{}</a>', url, row)


def _when(at: Any) -> str:
    return moment(timezone.localtime(at), timezone.localtime())


def download_file(request: HttpRequest, kind: str, pk: int) -> HttpResponseBase:
    """Hand a file of a word or of a deliverable over to whoever of the team may read it."""
    model = KINDS.get(kind)
    if model is None:
        raise Http404
    row = get_object_or_404(model.objects.select_related("file").exclude(file=None), pk=pk)
    require_view(request.user, row)
    return download_response(request, row.file)


@hooks.register("register_admin_urls")
def download_addresses() -> list[Any]:
    return [
        path("projets-fichiers/<slug:kind>/<int:pk>/", download_file, name="projects_admin_file")
    ]
