"""The board of all projects, by status."""

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.backoffice import menu
from core.backoffice.boards import MOST_CARDS, Board, Card, Lane
from core.ui.formats import date_short, percent
from portal.projects.models import Project
from portal.projects.services import moves
from portal.steering.reading import boards
from portal.steering.reading.boards import Asked, BoardCard, Column

MOST_OFFERED = 1000


class ProjectBoard(Board):
    """Projects as cards in columns of their status, filtered by client, lead and state."""

    model = Project
    page_title = gettext_lazy("Projets en colonnes")
    header_icon = "folder-open-inverse"
    template_name = "portal/steering/board.html"
    refusals = (moves.CannotMove,)
    empty = gettext_lazy("Aucun projet ne correspond.")

    @cached_property
    def clients(self) -> list[tuple[int, str]]:
        return boards.clients(MOST_OFFERED)

    @cached_property
    def leads(self) -> list[tuple[int, str]]:
        return boards.leads()

    @cached_property
    def asked(self) -> Asked:
        """What the address asks for; what it says wrongly is left out."""
        said = self.request.GET
        return Asked(
            client=boards.choice_of(said.get("client"), self.clients),
            lead=boards.choice_of(said.get("chef"), self.leads),
            late=said.get("etat") == "retard",
            at_risk=said.get("etat") == "risque",
        )

    def lanes(self) -> list[Lane]:
        found = boards.columns(self.asked, timezone.localdate(), MOST_CARDS)
        return [self._lane(column) for column in found]

    def _lane(self, column: Column) -> Lane:
        words: dict[str, Any] = {"status": column.status}
        if self.asked.client:
            words["client"] = self.asked.client
        address = reverse("wagtailsnippets_projects_project:list")
        return Lane(
            key=column.status,
            label=Project.Status(column.status).label,
            cards=[card_of(row) for row in column.cards],
            total=column.total,
            limit=column.limit,
            url=f"{address}?{urlencode(words)}",
        )

    def move(self, record: Project, *, to: str, seen: str, after: int | None, actor: Any) -> None:
        at = timezone.now()
        try:
            moves.move_project(project=record, to=to, seen=seen, actor=actor, at=at)
        except moves.StillOpen as error:
            page = reverse("wagtailsnippets_projects_project:livrer", args=[record.pk])
            link = format_html('{} <a href="{}">{}</a>', error.message, page, _("Livrer ce projet"))
            raise moves.CannotMove(link) from error

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            clients=self.clients, leads=self.leads, asked=self.asked, **kwargs
        )


def card_of(row: BoardCard) -> Card:
    """Return a project as a card of the board."""
    project = row.project
    tone, mark = _mark(row)
    coming = row.next
    return Card(
        pk=project.pk,
        title=project.title,
        url=reverse("wagtailsnippets_projects_project:inspect", args=[project.pk]),
        lines=[
            project.client.name,
            _share_line(row),
            _("Ensuite : %(title)s%(day)s")
            % {
                "title": coming.title,
                "day": f", {date_short(coming.due_date)}" if coming.due_date else "",
            }
            if coming
            else "",
            _("Livraison le %(day)s") % {"day": date_short(project.due_date)}
            if project.due_date and not project.is_archived
            else "",
            str(project.lead) if project.lead else "",
        ],
        tone=tone,
        mark=mark,
        seen=project.version,
    )


def _share_line(row: BoardCard) -> str:
    done = _("%(share)s fait") % {"share": percent(row.project.progress)}
    if row.budget.used is None:
        return done
    return f"{done} · " + _("%(share)s du budget") % {"share": percent(row.budget.used)}


def _mark(row: BoardCard) -> tuple[str, str]:
    """Return how a card shows, and the words that say it."""
    words = []
    if row.is_late:
        words.append(_("En retard"))
    if row.late:
        text = ngettext("%(count)s jalon en retard", "%(count)s jalons en retard", row.late)
        words.append(text % {"count": row.late})
    if row.budget.is_exceeded and not row.project.is_archived:
        words.append(_("Budget dépassé"))
    if words:
        return "bad", " · ".join(words)
    if row.is_at_risk:
        return "warn", _("À risque")
    return "", ""


menu.add_page("projets", ProjectBoard, slug="projets/kanban", name="projects_board", order=5)
