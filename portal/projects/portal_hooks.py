"""What projects add to the client's home page and menu."""

from collections.abc import Iterator

from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail import hooks

from core.access.roles import Grant
from core.audit.log import declare
from core.hooks import ClientPanel, Deadline, NavEntry, TeamFigure, TimelineEntry, ToDo
from core.notify.events import declare_event
from core.once import once
from core.ui.formats import date_long, percent
from portal.projects import feedback_queries, queries, telling
from portal.projects.current import with_choice
from portal.projects.models import MilestoneComment, Project

MOST_READ, MOST_SHOWN = 50, 4
SECONDS_OF_NPS = 300  # it moves with the end of a project

declare(
    project_opened=gettext_lazy("Projet ouvert"),
    project_changed=gettext_lazy("Projet modifié"),
    milestone_changed=gettext_lazy("Jalon modifié"),
    milestone_commented=gettext_lazy("Commentaire sur la feuille de route"),
    deliverable_changed=gettext_lazy("Livrable modifié"),
    deliverable_submitted=gettext_lazy("Livrable soumis au client"),
    deliverable_approved=gettext_lazy("Livrable validé par le client"),
    deliverable_refused=gettext_lazy("Livrable refusé par le client"),
    survey_answered=gettext_lazy("Avis de fin de projet"),
)
PROJECTS = gettext_lazy("Projets")
for _name, _label in {
    "project_status": gettext_lazy("Un projet change de statut"),
    "milestone_changed": gettext_lazy("Un jalon change de statut"),
    "deliverable_submitted": gettext_lazy("Un livrable attend votre accord"),
    "project_comment": gettext_lazy("L’équipe écrit sur la feuille de route"),
    "project_survey": gettext_lazy("Votre avis à la fin d’un projet"),
}.items():
    declare_event(_name, label=_label, group=PROJECTS, grant=Grant.VIEW_PROJECTS)


@hooks.register("nourx_client_nav")
def project_entry(request: HttpRequest) -> Iterator[NavEntry]:
    if not queries.follows_projects(request.user):
        return
    yield NavEntry(
        key="projects", label=_("Projets"), url=reverse("projects:list"), icon="layers", order=20
    )


def _cards(request: HttpRequest) -> list[queries.ProjectCard]:
    """Return the person's running projects; the home page shows the first of them."""
    return once(
        request,
        "project-cards",
        lambda: queries.cards_of(
            queries.with_milestones(
                with_choice(queries.running_projects(request.user), request.user)
            )[:MOST_READ]
        ),
    )


@hooks.register("nourx_client_situation")
def where_projects_stand(request: HttpRequest) -> Iterator[str]:
    """Say in a sentence how far the most pressing project is, and what comes next."""
    if not queries.follows_projects(request.user):
        return
    cards, today = _cards(request), timezone.localdate()
    card = next((card for card in cards if card.project.status == Project.Status.ACTIVE), None)
    if card is None:
        return
    facts = {"title": card.project.title, "share": percent(card.project.progress)}
    coming = queries.next_milestones([card], today, most=1)
    if coming:
        facts["day"] = date_long(coming[0][1].due_date)
        yield _("%(title)s avance à %(share)s, prochaine étape le %(day)s.") % facts
    else:
        yield _("%(title)s avance à %(share)s.") % facts


@hooks.register("nourx_client_panels")
def running_projects(request: HttpRequest) -> Iterator[ClientPanel]:
    if not queries.follows_projects(request.user):
        return
    yield ClientPanel(
        template="portal/projects/panels/running.html",
        order=20,
        context={"cards": _cards(request)[:MOST_SHOWN]},
    )


@hooks.register("nourx_client_to_dos")
def deliverables_to_approve(request: HttpRequest) -> Iterator[ToDo]:
    if not queries.follows_projects(request.user):
        return
    for deliverable in queries.submitted_deliverables(request.user)[:MOST_READ]:
        yield ToDo(
            title=_("Valider : %(title)s") % {"title": deliverable.title},
            detail=deliverable.project.title,
            url=telling.deliverable_url(deliverable),
            glyph="review",
            tone="now",
            action=_("Voir le livrable"),
        )


@hooks.register("nourx_client_deadlines")
def next_milestones(request: HttpRequest) -> Iterator[Deadline]:
    if not queries.follows_projects(request.user):
        return
    for project, milestone in queries.next_milestones(_cards(request), timezone.localdate()):
        yield Deadline(
            on=milestone.due_date,
            label=f"{milestone.title}, {project.title}",
            url=telling.milestone_url(milestone),
        )


@hooks.register("nourx_client_activity")
def latest_words(request: HttpRequest) -> Iterator[TimelineEntry]:
    if not queries.follows_projects(request.user):
        return
    for comment in queries.latest_comments(request.user):
        yield TimelineEntry(
            at=comment.created_at,
            text=_said(comment),
            detail=comment.body[:120],
            url=telling.comment_url(comment),
        )


def _said(comment: MilestoneComment) -> str:
    if comment.milestone is None:
        sentence, about = _("%(author)s a écrit sur le projet « %(about)s »"), comment.project.title
    else:
        sentence = _("%(author)s a commenté le jalon « %(about)s »")
        about = comment.milestone.title
    return sentence % {"author": comment.author, "about": about}


@hooks.register("nourx_team_figures")
def recommendations(request: HttpRequest) -> Iterator[TeamFigure]:
    """Say how many clients would recommend us, less those who would not, once some answered."""
    if not request.user.has_perm("projects.view_surveyanswer"):
        return
    found = cache.get_or_set("projects:nps", feedback_queries.nps, SECONDS_OF_NPS)
    if found.score is None:
        return
    yield TeamFigure(
        group="projets",
        label=_("Recommandation (NPS)"),
        value=f"{found.score:+d}".replace("-", "−"),
        url=reverse("wagtailsnippets_projects_surveyanswer:list"),
        order=60,
        tone="ok" if found.score > 0 else "",
        hint=ngettext("%(count)s avis", "%(count)s avis", found.answers) % {"count": found.answers},
    )
