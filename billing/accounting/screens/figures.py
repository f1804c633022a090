"""What the team's home page says of the books."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from billing.accounting.models import JournalEntry
from core.hooks import TeamFigure


@hooks.register("nourx_team_figures")
def draft_figure(request: HttpRequest) -> Iterator[TeamFigure]:
    """Tell how many entries wait to be validated, to whoever validates."""
    if not request.user.has_perm("accounting.validate_entries"):
        return
    yield TeamFigure(
        group="facturation",
        label=_("Écritures à valider"),
        value=JournalEntry.objects.filter(number=None),
        url=reverse("wagtailsnippets_accounting_journalentry:list") + "?state=draft",
        order=80,
    )
