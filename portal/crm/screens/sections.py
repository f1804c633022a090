"""Tables of an opportunity's page: its score, its follow-ups, its exchanges, its way."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from core.hooks import Section
from core.ui.formats import date_long, moment
from portal.crm import queries
from portal.crm.models import Opportunity

MOST_ROWS = 50


def score_section(row: Opportunity) -> Section:
    """Say which points make the score."""

    def rows() -> list[Any]:
        score = queries.explain_score(row, on=timezone.localdate())
        found = [(label, f"{points:+d}".replace("-", "−")) for label, points in score.reasons]
        total = _text("Note calculée") if row.manual_score is None else _text("La note calculée")
        return [*found, (total, f"{score.value}/100")]

    return Section(
        title=_("D’où vient la note"),
        headings=(_("Critère rempli"), _("Points")),
        rows=rows,
        links=((_("Critères"), reverse("wagtailsnippets_crm_scorecriterion:list")),),
        order=20,
        tab="apercu",
    )


def follow_ups_section(row: Opportunity) -> Section:
    """Tell which follow-ups were made or put off."""

    def rows() -> list[Any]:
        found = row.follow_ups.select_related("made_by").order_by("-made_at", "-pk")
        return [
            (
                date_long(one.due_on),
                one.step or "—",
                one.get_outcome_display(),
                one.note or "—",
                date_long(one.next_on) if one.next_on else "—",
                one.made_by or "—",
            )
            for one in found[:MOST_ROWS]
        ]

    return Section(
        title=_("Relances"),
        headings=(
            _("Prévue"),
            _("À faire"),
            _("Suite"),
            _("Ce qui en est sorti"),
            _("Suivante"),
            _("Par"),
        ),
        rows=rows,
        empty=_("Aucune relance encore. Planifiez la première pour ne pas perdre le fil."),
        order=30,
        tab="apercu",
    )


def exchanges_section(row: Opportunity) -> Section:
    """Show what was said about the sale."""

    def rows() -> list[Any]:
        now = timezone.localtime()
        found = row.interactions.select_related("author").order_by("-happened_at")
        return [
            (
                moment(timezone.localtime(one.happened_at), now),
                one.get_kind_display(),
                " — ".join(filter(None, [one.subject, one.body[:300]])),
                one.author or one.sender or "—",
            )
            for one in found[:MOST_ROWS]
        ]

    add = reverse("wagtailsnippets_crm_interaction:add")
    url = f"{add}?client={row.client_id}&opportunity={row.pk}"
    return Section(
        title=_("Échanges"),
        headings=(_("Quand"), _("Nature"), _("Texte"), _("Auteur")),
        rows=rows,
        links=((_("Noter un échange"), url),),
        empty=_("Rien encore : notez le premier appel, le premier e-mail."),
        order=40,
        tab="echanges",
    )


def moves_section(row: Opportunity) -> Section:
    """Tell who brought it where, and when."""

    def rows() -> list[Any]:
        now = timezone.localtime()
        found = row.moves.select_related("moved_by").order_by("-moved_at", "-pk")
        return [
            (
                moment(timezone.localtime(one.moved_at), now),
                one.from_name or "—",
                one.to_name,
                one.moved_by or "—",
                one.note,
            )
            for one in found[:MOST_ROWS]
        ]

    return Section(
        title=_("Étapes"),
        headings=(_("Quand"), _("De"), _("Vers"), _("Par"), _("Précision")),
        rows=rows,
        empty=_("Aucun changement d’étape n’a été gardé."),
        order=50,
        tab="historique",
    )
