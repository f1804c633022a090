"""Who is told of what happens to documents: people of the client, or the team."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from core.access.grants import holders
from core.access.roles import Grant
from core.notify.announcing import announce
from core.notify.team import tell_team
from core.ui.formats import date_long
from portal.documents.models import DocumentRequest, DocumentVersion, ProjectDocument

MOST_NAMED = 10


def tell_of_version(version: DocumentVersion, *, actor: Any) -> None:
    """Tell whoever follows the project that a document, or its next version, is there."""
    document = version.document
    words = _("Nouveau document : {title}") if version.number == 1 else _("{title} : version {n}")
    announce(
        "document_shared",
        client_id=document.client_id,
        to=holders(Grant.VIEW_PROJECTS, document.client_id, project_id=document.project_id),
        text=format_lazy(words, title=document.title, n=version.number),
        detail=document.project.title,
        url=reverse("documents:detail", args=[document.pk]),
        key=f"{document.pk}:v{version.number}",
        actor=actor,
    )


def tell_of_request(request: DocumentRequest, *, actor: Any) -> None:
    """Tell whoever follows the project that we ask for a document."""
    announce(
        "document_requested",
        client_id=request.client_id,
        to=holders(Grant.VIEW_PROJECTS, request.client_id, project_id=request.project_id),
        text=format_lazy(_("Document attendu : {title}"), title=request.title),
        detail=request.detail or request.project.title,
        url=reverse("documents:request", args=[request.pk]),
        key=str(request.pk),
        actor=actor,
    )


def tell_of_requests(requests: Sequence[DocumentRequest], *, actor: Any) -> None:
    """Tell whoever follows the project, once, that we ask for these documents."""
    if len(requests) == 1:
        tell_of_request(requests[0], actor=actor)
        return
    first, count = requests[0], len(requests)
    words = ngettext_lazy("{n} document attendu : {what}", "{n} documents attendus : {what}", count)
    names = [row.title for row in requests[:MOST_NAMED]]
    announce(
        "document_requested",
        client_id=first.client_id,
        to=holders(Grant.VIEW_PROJECTS, first.client_id, project_id=first.project_id),
        text=format_lazy(words, n=count, what=first.bundle or first.project.title),
        detail=" · ".join(names) + (" …" if count > MOST_NAMED else ""),
        url=reverse("documents:list"),
        key=f"several:{first.pk}",
        actor=actor,
    )


def tell_of_reminder(request: DocumentRequest, *, on: date, actor: Any) -> None:
    """Remind whoever follows the project of what we wait for; `on` is the day it is said."""
    text = _("Toujours attendu : {title}") if request.is_late(on) else _("Rappel : {title}")
    due = date_long(request.due_date) if request.due_date else ""
    announce(
        "document_reminder",
        client_id=request.client_id,
        to=holders(Grant.VIEW_PROJECTS, request.client_id, project_id=request.project_id),
        text=format_lazy(text, title=request.title),
        detail=format_lazy(_("Pour le {day}"), day=due) if due else request.project.title,
        url=reverse("documents:request", args=[request.pk]),
        key=f"{request.pk}:{request.reminders}",
        actor=actor,
    )


def tell_of_refusal(request: DocumentRequest, *, actor: Any, key: str) -> None:
    """Tell whoever follows the project why what they sent will not do."""
    announce(
        "document_refused",
        client_id=request.client_id,
        to=holders(Grant.VIEW_PROJECTS, request.client_id, project_id=request.project_id),
        text=format_lazy(_("À renvoyer : {title}"), title=request.title),
        detail=request.refusal,
        url=reverse("documents:request", args=[request.pk]),
        key=key,
        actor=actor,
    )


def tell_team_of_deposit(versions: Sequence[DocumentVersion], *, actor: Any) -> None:
    """Tell the team by one mail what a client handed in."""
    first = versions[0].document
    count = len(versions)
    words = ngettext_lazy(
        "{person} ({client}) a déposé un document",
        "{person} ({client}) a déposé {count} documents",
        count,
    )
    names = [version.document.title for version in versions[:MOST_NAMED]]
    more = "\n…" if count > MOST_NAMED else ""
    tell_team(
        "document_deposited",
        client_id=first.client_id,
        text=format_lazy(words, person=str(actor), client=first.client.name, count=count),
        detail=f"{first.project.title}\n" + "\n".join(names) + more,
        url=_place_of(first) if count == 1 else _deposits(),
        key=str(versions[0].pk),
    )


def tell_team_of_answer(
    request: DocumentRequest, versions: Sequence[DocumentVersion], *, actor: Any
) -> None:
    """Tell the team by one mail that what we asked for came."""
    text = _("{person} ({client}) a envoyé : {title}")
    tell_team(
        "document_received",
        client_id=request.client_id,
        text=format_lazy(text, person=str(actor), client=request.client.name, title=request.title),
        detail="\n".join(version.file.name for version in versions),
        url=reverse(_address(DocumentRequest, "inspect"), args=[request.pk]),
        key=str(versions[0].pk),
    )


def _place_of(document: ProjectDocument) -> str:
    return reverse(_address(ProjectDocument, "inspect"), args=[document.pk])


def _deposits() -> str:
    return reverse(_address(ProjectDocument, "list")) + "?is_from_client=true"


def _address(model: Any, page: str) -> str:
    return model.snippet_viewset.get_url_name(page)
