"""The security of the house, on one page for owners; and its alert on the home page."""

from collections.abc import Iterator
from typing import Any

from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from core.accounts import services
from core.accounts.templatetags.devices import device
from core.backoffice import activity, menu, security
from core.backoffice.columns import StatusLook, status_badge
from core.backoffice.screens.sign_ins import journal_url
from core.backoffice.users import role_word
from core.hooks import Alert, Alerts, Section
from core.ui.formats import date_long, moment


def account_link(person: Any) -> Any:
    """Return the name of a person, leading to their account."""
    url = reverse("wagtailusers_users:edit", args=[person.pk])
    return format_html('<a href="{}">{}</a>', url, person)


def when(at: Any) -> Any:
    """Return a moment as people read it; a dash for none."""
    return moment(timezone.localtime(at), timezone.localtime()) if at else "—"


def failures(query: str = "") -> str:
    """Return the journal of failures, filtered further."""
    return journal_url("succeeded=False" + (f"&{query}" if query else ""))


def sections_of(request: HttpRequest) -> list[Section]:
    """Return every table of the page; a fixed number of queries."""
    return [*_tries(request), *_weak(), _sessions(request), *_acts(), *_accounts()]


def _tries(request: HttpRequest) -> Iterator[Section]:
    at = timezone.now()
    yield Section(
        title=_("Rafales d’échecs (24 heures)"),
        headings=(_("Sur quoi"), _("Échecs"), ""),
        rows=[(_burst_name(one), one.count, _see(_burst_url(one))) for one in security.bursts(at)],
        empty=_("Aucune rafale : ni compte, ni adresse du réseau."),
    )
    yield Section(
        title=_("Comptes retenus en ce moment"),
        headings=(_("Adresse tapée"), _("Encore")),
        rows=[
            (email, ngettext("%d seconde", "%d secondes", left) % left)
            for email, left in security.held_back(request, at)
        ],
        empty=_("Aucun compte n’est retenu par les limites."),
    )
    yield Section(
        title=_("Échecs par jour"),
        headings=(_("Jour"), _("Échecs"), _("Adresses tapées")),
        rows=[
            (date_long(day), count, people) for day, count, people in security.failures_by_day(at)
        ],
        empty=_("Aucun échec depuis quatorze jours."),
        links=(
            (_("Journal des échecs"), failures()),
            (_("Exporter"), failures("export=xlsx")),
        ),
    )


def _see(url: str) -> Any:
    return format_html('<a href="{}">{}</a>', url, _text("Voir les essais"))


def _burst_name(burst: security.Burst) -> str:
    return burst.email or burst.address


def _burst_url(burst: security.Burst) -> str:
    name = "email" if burst.email else "address"
    return failures(urlencode({name: _burst_name(burst)}))


def _weak() -> Iterator[Section]:
    yield Section(
        title=_("Équipe sans second facteur"),
        headings=(_("Personne"), _("Rôle"), _("Dernière connexion")),
        rows=[
            (account_link(one), role_word(one), when(one.last_login))
            for one in security.without_second_factor().prefetch_related("groups")
        ],
        empty=_("Toute l’équipe a son second facteur."),
    )


def _sessions(request: HttpRequest) -> Section:
    token = get_token(request)
    return Section(
        title=_("Sessions ouvertes de l’équipe"),
        headings=(_("Personne"), _("Appareil"), _("Réseau"), _("Vue"), ""),
        rows=[
            (
                account_link(one.user),
                device(one.user_agent),
                one.ip,
                when(one.last_seen_at),
                _close_button(one, token, request),
            )
            for one in security.team_sessions()
        ],
        empty=_("Aucune session ouverte."),
    )


def _close_button(session: UserSession, token: str, request: HttpRequest) -> Any:
    if session.session_key == request.session.session_key:
        return status_badge(StatusLook("done", "ok"), _text("La vôtre"))
    return format_html(
        '<form method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken"'
        ' value="{}"><button class="button button-small button-secondary">{}</button></form>',
        reverse("nourx_close_session", args=[session.pk]),
        token,
        _text("Fermer"),
    )


def _acts() -> Iterator[Section]:
    kinds = (
        (_("Rôles et comptes"), security.ROLE_ACTS),
        (_("Accès réinitialisés ou fermés"), security.WAYS_IN_ACTS),
        (_("Espaces regardés à la place d’un client"), security.SEEING_ACTS),
        (_("Clés remplacées"), security.KEY_ACTS),
    )
    for title, names in kinds:
        yield Section(
            title=title,
            headings=(_("Quand"), _("Acte"), _("Sur"), _("Par"), _("Détail")),
            rows=[
                (
                    when(one.timestamp),
                    activity.said(one),
                    one.label,
                    one.user or "NOURX",
                    _detail(one.data),
                )
                for one in security.acts(names)
            ],
            empty=_("Rien à ce jour."),
            links=((_("Activité"), reverse("rapport_activite")),),
        )


def _detail(data: dict[str, Any]) -> str:
    """Say what changed, or why it was done."""
    changes = data.get("changes") or {}
    if "role" in changes:
        return " → ".join(str(word or "—") for word in changes["role"])
    return str(data.get("reason") or "")


def _accounts() -> Iterator[Section]:
    at = timezone.now()
    yield Section(
        title=_("Invitations en attente"),
        headings=(_("Adresse"), _("Pour"), _("Par"), _("Jusqu’au")),
        rows=[
            (
                format_html('<a href="{}">{}</a>', _invitation_url(one.pk), one.email),
                one.client or _text("l’équipe"),
                one.invited_by or "NOURX",
                date_long(timezone.localtime(one.expires_at))
                if one.expires_at > at
                else status_badge(StatusLook("late", "warn"), _text("Expirée")),
            )
            for one in security.waiting_invitations()
        ],
        empty=_("Aucune invitation n’attend."),
    )
    yield Section(
        title=_("Comptes sans connexion depuis 90 jours"),
        headings=(_("Personne"), _("Rôle"), _("Dernière connexion")),
        rows=[
            (account_link(one), role_word(one), when(one.last_login))
            for one in security.stale_accounts(at).prefetch_related("groups")
        ],
        empty=_("Tous les comptes ouverts servent."),
    )


def _invitation_url(pk: int) -> str:
    return reverse("wagtailsnippets_accounts_invitation:inspect", args=[pk])


class SecurityView(WagtailAdminTemplateMixin, TemplateView):
    """Who came, who could not, what was changed of the ways in. For owners."""

    template_name = "core/backoffice/security.html"
    page_title = _("Sécurité")
    header_icon = "lock"
    help_slug = "equipe"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_superuser:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(sections=sections_of(self.request), **kwargs)


@require_POST
def close_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign one device of the team out."""
    if not request.user.is_superuser:
        raise PermissionDenied
    rows = UserSession.objects.filter(user__is_staff=True).select_related("user")
    session = get_object_or_404(rows.exclude(session_key=request.session.session_key), pk=pk)
    services.close_team_session(session=session, actor=request.user)
    messages.success(request, _text("Session fermée."))
    return redirect("nourx_security")


@hooks.register("register_admin_urls")
def security_addresses() -> list[Any]:
    return [
        path("securite/", SecurityView.as_view(), name="nourx_security"),
        path("securite/sessions/<int:pk>/fermer/", close_session, name="nourx_close_session"),
    ]


menu.add_link(
    menu.SETTINGS,
    SecurityView.page_title,
    "nourx_security",
    icon="lock",
    order=13,
    shown=lambda request: request.user.is_superuser,
)


@hooks.register("nourx_team_alerts")
def bursts_of_failures(request: HttpRequest) -> Iterator[Alerts]:
    """Tell owners of many failed sign-ins on one account, or from one network address."""
    if not request.user.is_superuser:
        return
    found = security.bursts(timezone.now())
    today = timezone.localdate()
    rows = [
        Alert(
            key=f"sign-in-burst:{_burst_name(one)}:{today.isoformat()}",
            group=menu.SETTINGS,
            title=_burst_name(one),
            detail=_text("%(count)d connexions échouées en 24 heures") % {"count": one.count},
            url=_burst_url(one),
            weight=90,
            tone="bad",
            since=today,
        )
        for one in found
    ]
    yield Alerts(
        kind="sign-in-burst",
        label=_("Rafales de connexions échouées"),
        url=reverse("nourx_security"),
        rows=lambda most: rows[:most],
        total=len(rows),
        order=5,
    )
