"""Who signed in and who could not: the journal that owners read, and the last tries of a person."""

from ipaddress import ip_address
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.permissions import register_permission_policy

from core.access.policies import OwnersJournalPolicy
from core.accounts.models import SignIn, User
from core.backoffice import menu
from core.backoffice.columns import MomentColumn, StatusColumn, StatusLook, status_badge
from core.backoffice.reports import RecordReport
from core.hooks import Section
from core.ui.formats import moment

register_permission_policy(SignIn, OwnersJournalPolicy(SignIn))

LAST = 20
LOOKS = {True: StatusLook("done", "ok"), False: StatusLook("cancel", "bad")}


def outcome(row: SignIn) -> Any:
    """Return what came of a try, in words."""
    return _("Réussie") if row.succeeded else row.get_reason_display()


def way(row: SignIn) -> str:
    """Return how somebody came: the way in, and the second factor."""
    words = [row.get_method_display(), row.get_second_display()]
    return " + ".join(str(word) for word in words if word)


class SignInFilterSet(WagtailFilterSet):
    """How the journal is filtered."""

    succeeded = django_filters.ChoiceFilter(
        label=_("Résultat"), choices=[("True", _("Réussies")), ("False", _("Échouées"))]
    )
    qui = django_filters.ChoiceFilter(
        label=_("Qui"),
        choices=[
            ("equipe", _("Équipe")),
            ("clients", _("Membres de clients")),
            ("inconnu", _("Personne de connu")),
        ],
        method="keep_kind",
    )
    email = django_filters.CharFilter(label=_("Adresse e-mail"), method="keep_person")
    address = django_filters.CharFilter(label=_("Adresse du réseau"), method="keep_address")
    at = django_filters.DateFromToRangeFilter(label=_("Entre le"), widget=DateRangePickerWidget)

    class Meta:
        model = SignIn
        fields = ["succeeded", "email", "address", "at"]

    def keep_kind(self, rows: QuerySet, name: str, kind: str) -> QuerySet:
        """Keep the team, members of clients, or addresses without an account."""
        if kind == "inconnu":
            return rows.filter(user=None)
        return rows.filter(user__is_staff=kind == "equipe")

    def keep_person(self, rows: QuerySet, name: str, text: str) -> QuerySet:
        """Keep what was typed as this address, whole."""
        return rows.filter(email=text.strip().lower())

    def keep_address(self, rows: QuerySet, name: str, text: str) -> QuerySet:
        """Keep what came from a network address; what is none shows nothing."""
        try:
            return rows.filter(address=str(ip_address(text.strip())))
        except ValueError:
            return rows.none()


class SignInReport(RecordReport):
    """Every try to sign in, newest first."""

    model = SignIn
    slug = "connexions"
    page_title = _("Connexions")
    header_icon = "key"
    default_ordering = ("-at", "-pk")
    filterset_class = SignInFilterSet
    help_slug = "equipe"
    columns = [
        MomentColumn("at", label=_("Quand"), sort_key="at"),
        Column("email", label=_("Adresse tapée")),
        Column("user", label=_("Personne"), accessor=lambda row: row.user or "—"),
        StatusColumn("succeeded", label=_("Résultat"), looks=LOOKS, word=outcome),
        Column("way", label=_("Moyen"), accessor=way),
        Column("address", label=_("Adresse du réseau"), accessor=lambda row: row.address or "—"),
        Column("device", label=_("Appareil")),
    ]
    list_export = ["at", "email", "user", "succeeded", "reason", "method", "address", "device"]
    export_headings = {
        "at": _("Quand"),
        "email": _("Adresse tapée"),
        "user": _("Personne"),
        "succeeded": _("Réussie"),
        "reason": _("Raison"),
        "method": _("Moyen"),
        "address": _("Adresse du réseau"),
        "device": _("Appareil"),
    }
    export_filename = "connexions"

    def get_base_queryset(self) -> QuerySet[SignIn]:
        return super().get_base_queryset().select_related("user")


menu.add_report(menu.SETTINGS, SignInReport, order=21)


def journal_url(query: str = "") -> str:
    """Return the address of the journal, filtered."""
    return reverse(SignInReport.url_name()) + (f"?{query}" if query else "")


def last_tries(person: User, request: HttpRequest) -> list[Section]:
    """Return the last tries of one person to sign in, for owners."""
    if not request.user.is_superuser:
        return []
    now = timezone.localtime()
    rows = SignIn.objects.filter(user=person).order_by("-at", "-pk")[:LAST]
    return [
        Section(
            title=_("Dernières connexions"),
            headings=(_("Quand"), _("Résultat"), _("Moyen"), _("Réseau"), _("Appareil")),
            rows=[
                (
                    moment(timezone.localtime(row.at), now),
                    status_badge(LOOKS[row.succeeded], outcome(row)),
                    way(row),
                    row.address or "—",
                    row.device,
                )
                for row in rows
            ],
            empty=_("Aucune connexion n’est gardée pour cette personne."),
            links=((_("Toutes"), journal_url(urlencode({"email": person.email}))),),
        )
    ]
