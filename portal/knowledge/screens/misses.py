"""What readers looked for and did not find: to write, or to close."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column

from core.access.row_guard import policy_of
from core.backoffice.actions import RecordAction
from core.backoffice.choosers import RecordChooser
from core.backoffice.columns import FigureColumn, MomentColumn, StatusColumn, StatusLook
from core.backoffice.viewsets import ReadOnlyViewSet
from core.hooks import Section
from portal.knowledge import queries, services
from portal.knowledge.models import Article, MissedSearch
from portal.knowledge.screens.articles import LINK, MISS

OPEN, ANSWERED, CLOSED = "open", "answered", "closed"
LOOKS = {
    OPEN: StatusLook("due", "warn"),
    ANSWERED: StatusLook("done", "ok"),
    CLOSED: StatusLook("archive"),
}
WORDS = {OPEN: _("Sans réponse"), ANSWERED: _("Répondue"), CLOSED: _("Classée")}


def state_of(row: MissedSearch) -> str:
    """Return where a search stands: open, answered by an article, or closed."""
    if row.closed_at is None:
        return OPEN
    return ANSWERED if row.answer_id else CLOSED


class WriteAnswer(RecordAction):
    """Start the article that readers looked for."""

    name = "ecrire"
    label = _("Écrire cet article")
    icon_name = "edit"
    is_main = True

    @classmethod
    def may(cls, user: Any, record: MissedSearch) -> bool:
        adds = policy_of(Article).user_has_permission(user, "add")
        return adds and super().may(user, record)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._require(request.user)
        name = Article.snippet_viewset.get_url_name("add")
        return redirect(f"{reverse(name)}?{MISS}={self.object.pk}")

    def perform(self, record: MissedSearch, actor: Any) -> None:
        """Leave everything as it is: the form of the article is another page."""


class CloseForm(forms.Form):
    """Which article answers, if one does."""

    answer = forms.ModelChoiceField(
        label=_("Article qui répond"),
        queryset=Article.objects.all(),
        required=False,
        widget=RecordChooser(Article, icon="help"),
        help_text=_("Vide si la question n’appelle pas d’article."),
    )


class CloseSearch(RecordAction):
    """Say that a search is dealt with."""

    name = "classer"
    label = _("Classer")
    icon_name = "check"
    question = _("Elle revient d’elle-même si un lecteur la refait sans rien trouver.")
    success = _("Recherche classée.")
    form_class = CloseForm

    @classmethod
    def is_offered(cls, record: MissedSearch) -> bool:
        return record.closed_at is None

    def perform(self, record: MissedSearch, actor: Any, **values: Any) -> None:
        services.close_search(
            search=record, answer=values["answer"], actor=actor, at=timezone.now()
        )


class MissedFilterSet(WagtailFilterSet):
    """How searches are filtered."""

    state = ChoiceFilter(label=_("État"), choices=list(WORDS.items()), method="filter_state")

    class Meta:
        model = MissedSearch
        fields = ["state"]

    def filter_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        if value == OPEN:
            return rows.filter(closed_at=None)
        closed = rows.exclude(closed_at=None)
        return closed.filter(answer__isnull=value == CLOSED) if value in WORDS else rows


class MissedSearchViewSet(ReadOnlyViewSet):
    """Searches without result, those made most first."""

    model = MissedSearch
    icon = "search"
    menu_label = _("Questions sans réponse")
    ordering = ("-times", "-last_at")
    list_display = [
        Column("words", label=_("Ce que les lecteurs cherchent"), sort_key=None),
        FigureColumn("times", label=_("Fois")),
        MomentColumn("last_at", label=_("Dernière fois")),
        StatusColumn(
            "state",
            label=_("État"),
            accessor=state_of,
            looks=LOOKS,
            word=lambda row: WORDS[state_of(row)],
        ),
        Column("answer", label=_("Article")),
    ]
    filterset_class = MissedFilterSet
    search_fields = ["words"]
    list_export = ["words", "times", "last_at", "closed_at"]
    export_filename = "questions-sans-reponse"
    inspect_view_fields = ["words", "times", "last_at", "closed_at", "answer"]
    actions = (WriteAnswer, CloseSearch)

    def get_queryset(self, request: HttpRequest) -> QuerySet[MissedSearch]:
        return MissedSearch.objects.select_related("answer")

    def sections(self, record: MissedSearch, request: HttpRequest) -> list[Section]:
        name = Article.snippet_viewset.get_url_name("inspect")
        return [
            Section(
                title=_("Articles qui s’en approchent"),
                headings=(_("Article"), _("Résumé")),
                rows=[
                    (format_html(LINK, reverse(name, args=[one.pk]), one.title), one.summary)
                    for one in queries.search_for_team(record.words)
                ],
                empty=_("Aucun : l’article est à écrire."),
            )
        ]
