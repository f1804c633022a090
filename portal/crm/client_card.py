"""What sales add to the page of a client: pinned notes, opportunities."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from core.accounts.models import Client
from core.hooks import Section
from core.money import format_short
from core.ui.formats import date_long, moment
from portal.crm.models import Interaction, Opportunity

MOST_ROWS = 30
OVERVIEW = "apercu"


@hooks.register("nourx_client_sections")
def sales_of_client(client: Client) -> Iterator[Section]:
    """Show the notes that the team keeps for itself, and what we hope to sell."""
    add = reverse("wagtailsnippets_crm_interaction:add")
    yield Section(
        title=_("Notes internes"),
        headings=(_("Quand"), _("Texte"), _("Auteur"), ""),
        rows=lambda: _notes(client),
        links=((_("Écrire une note"), f"{add}?client={client.pk}&kind=note"),),
        empty=_("Aucune note. Le client ne les voit jamais."),
        order=5,
        tab=OVERVIEW,
    )
    sale = reverse("wagtailsnippets_crm_opportunity:add")
    yield Section(
        title=_("Opportunités"),
        headings=(
            _("Titre"),
            _("Étape"),
            _("Budget"),
            _("Note sur 100"),
            _("Relance"),
            _("Suivie par"),
        ),
        rows=lambda: _sales(client),
        links=((_("Nouvelle opportunité"), f"{sale}?client={client.pk}"),),
        empty=_("Aucune opportunité."),
        order=10,
        tab=OVERVIEW,
    )


def _notes(client: Client) -> list[Any]:
    """Return the pinned exchanges, then the latest notes."""
    now = timezone.localtime()
    rows = Interaction.objects.filter(client=client).select_related("author")
    pinned = list(rows.filter(is_pinned=True).order_by("-happened_at")[:MOST_ROWS])
    notes = rows.filter(kind=Interaction.Kind.NOTE, is_pinned=False)
    found = [*pinned, *notes.order_by("-happened_at")[:10]]
    return [
        (
            moment(timezone.localtime(row.happened_at), now),
            format_html("<strong>{}</strong> {}", _text("Épinglée"), row.body[:500])
            if row.is_pinned
            else row.body[:500],
            row.author or "—",
            _link(
                reverse("wagtailsnippets_crm_interaction:inspect", args=[row.pk]), _text("Ouvrir")
            ),
        )
        for row in found
    ]


def _sales(client: Client) -> list[Any]:
    rows = Opportunity.objects.filter(client=client).select_related("stage", "owner")
    return [
        (
            _link(reverse("wagtailsnippets_crm_opportunity:inspect", args=[row.pk]), row.title),
            row.stage,
            format_short(row.amount, row.currency) if row.amount is not None else "—",
            row.score,
            date_long(row.follow_up_date) if row.follow_up_date else "—",
            row.owner or "—",
        )
        for row in rows.order_by("-created_at", "-pk")[:MOST_ROWS]
    ]


def _link(url: str, text: Any) -> Any:
    return format_html('<a href="{}">{}</a>', url, text)
