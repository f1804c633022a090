"""Who is told what of a project: its client by notices and mail, the team by mail.

Each function runs in the transaction of the act it tells of.
"""

from typing import Any

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.live.publishing import tell
from core.notify.announcing import announce
from core.notify.team import tell_team
from portal.projects.models import (
    Deliverable,
    DeliverableDecision,
    Milestone,
    MilestoneComment,
    Project,
)
from portal.projects.participation import followers, participants

LONGEST_DETAIL = 600


def refresh_pages(project: Project) -> None:
    """Have the open pages of a project read themselves again."""
    tell("projects", client_id=project.client_id, row=project.pk)


def tell_new_project(project: Project, *, actor: Any) -> None:
    """Tell the client that a project has its pages."""
    announce(
        "project_status",
        client_id=project.client_id,
        to=followers(project),
        text=format_lazy(_("Nouveau projet dans votre espace : {title}"), title=project.title),
        url=reverse("projects:detail", args=[project.pk]),
        key=f"{project.pk}:new",
        actor=actor,
    )


def tell_project_status(project: Project, *, actor: Any) -> None:
    """Tell the client that a project changed status, under the count of its saves."""
    announce(
        "project_status",
        client_id=project.client_id,
        to=followers(project),
        text=format_lazy(
            _("{title} : le projet est maintenant « {status} »"),
            title=project.title,
            status=Project.Status(project.status).label,
        ),
        url=reverse("projects:detail", args=[project.pk]),
        key=f"{project.pk}:{project.version}",
        actor=actor,
    )


def tell_milestone(milestone: Milestone, *, key: str, actor: Any) -> None:
    """Tell the client that a milestone changed status."""
    announce(
        "milestone_changed",
        client_id=milestone.client_id,
        to=followers(milestone.project),
        text=format_lazy(
            _("Le jalon « {title} » est maintenant « {status} »"),
            title=milestone.title,
            status=Milestone.Status(milestone.status).label,
        ),
        detail=milestone.project.title,
        url=milestone_url(milestone),
        key=key,
        actor=actor,
    )


def tell_deliverable(deliverable: Deliverable, *, message: str, actor: Any) -> None:
    """Tell who takes part that a deliverable waits for their decision."""
    announce(
        "deliverable_submitted",
        client_id=deliverable.client_id,
        to=participants(deliverable.project),
        text=format_lazy(_("À valider : {title}"), title=deliverable.title),
        detail=message[:LONGEST_DETAIL] or deliverable.project.title,
        url=deliverable_url(deliverable),
        key=f"{deliverable.pk}:{deliverable.round}",
        actor=actor,
    )


def tell_reply(comment: MilestoneComment, *, actor: Any) -> None:
    """Tell the client what the team wrote on the roadmap."""
    announce(
        "project_comment",
        client_id=comment.client_id,
        to=followers(comment.project),
        text=_written(comment),
        detail=comment.body[:LONGEST_DETAIL],
        url=comment_url(comment),
        key=str(comment.pk),
        actor=actor,
    )


def tell_survey(project: Project) -> None:
    """Ask who took part in a delivered project what they think of it, once."""
    announce(
        "project_survey",
        client_id=project.client_id,
        to=participants(project),
        text=format_lazy(_("{title} est livré : donnez votre avis"), title=project.title),
        detail=_("Une note de 0 à 10 et un mot si vous le souhaitez : une minute suffit."),
        url=reverse("projects:survey", args=[project.pk]),
        key=str(project.pk),
    )


def tell_team_of_comment(comment: MilestoneComment) -> None:
    """Tell the team what the client wrote on the roadmap."""
    page = "milestone" if comment.milestone_id else "project"
    tell_team(
        "project_comment",
        client_id=comment.client_id,
        text=_written(comment),
        detail=comment.body[:LONGEST_DETAIL],
        url=_admin_page(page, comment.milestone_id or comment.project_id),
        key=str(comment.pk),
    )


def tell_team_of_decision(decision: DeliverableDecision) -> None:
    """Tell the team what the client decided of a deliverable."""
    approved = decision.verdict == DeliverableDecision.Verdict.APPROVED
    sentence = _("{who} a validé « {title} »") if approved else _("{who} a refusé « {title} »")
    tell_team(
        "deliverable_decided",
        client_id=decision.client_id,
        text=format_lazy(sentence, who=decision.decided_by, title=decision.deliverable.title),
        detail=decision.comment[:LONGEST_DETAIL] or decision.deliverable.project.title,
        url=_admin_page("deliverable", decision.deliverable_id),
        key=str(decision.pk),
    )


def milestone_url(milestone: Milestone) -> str:
    """Return the path of the client's page of a milestone."""
    return reverse("projects:milestone", args=[milestone.project_id, milestone.pk])


def deliverable_url(deliverable: Deliverable) -> str:
    """Return the path of the client's page of a deliverable."""
    return reverse("projects:deliverable", args=[deliverable.project_id, deliverable.pk])


def comment_url(comment: MilestoneComment) -> str:
    """Return the path of the client's page where a word stands."""
    if comment.milestone is not None:
        return f"{milestone_url(comment.milestone)}#mot-{comment.pk}"
    return f"{reverse('projects:roadmap', args=[comment.project_id])}#mot-{comment.pk}"


def _written(comment: MilestoneComment) -> Any:
    """Say who wrote, and on what."""
    if comment.milestone is None:
        sentence = _("{author} a écrit sur la feuille de route de {about}")
        return format_lazy(sentence, author=comment.author, about=comment.project.title)
    sentence = _("{author} a écrit sur « {about} »")
    return format_lazy(sentence, author=comment.author, about=comment.milestone.title)


def _admin_page(model: str, pk: int) -> str:
    return reverse(f"wagtailsnippets_projects_{model}:inspect", args=[pk])
