"""What exchanges add to the page of a client: the forms of its history, and what was said."""

from collections.abc import Iterator
from typing import Any

from django.urls import path, reverse
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from core.accounts.models import Client
from core.hooks import Section, TimelineEntry, TimelineKind, TimelineSource, TimelineWindow
from portal.crm.models import Interaction
from portal.crm.screens.exchange_pages import EmailsPage, ExchangeFileView, ExchangePage

Kind = Interaction.Kind
# The kinds that people ask for, and those of the rows: e-mails of both sides are one kind.
KINDS = (
    TimelineKind("emails", _("E-mails"), "mail"),
    TimelineKind("appels", _("Appels"), "mobile-alt"),
    TimelineKind("rendez-vous", _("Rendez-vous"), "calendar-alt"),
    TimelineKind("messages", _("Messages"), "comment"),
    TimelineKind("notes", _("Notes"), "edit"),
    TimelineKind("paiements-recus", _("Paiements d’opportunités"), "tick-inverse"),
)
ROWS = {
    "emails": (Kind.EMAIL, Kind.EMAIL_CLIENT),
    "appels": (Kind.CALL,),
    "rendez-vous": (Kind.MEETING,),
    "messages": (Kind.MESSAGE,),
    "notes": (Kind.NOTE,),
    "paiements-recus": (Kind.PAYMENT,),
}
KEYS = {kind: key for key, kinds in ROWS.items() for kind in kinds}
WORDS = ("subject", "sender", "body")


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    return [
        path("clients/<int:pk>/echanges/", ExchangePage.as_view(), name="crm_client_exchange"),
        path("clients/<int:pk>/emails/", EmailsPage.as_view(), name="crm_client_emails"),
        path(
            "echanges/<int:pk>/fichiers/<int:file>/",
            ExchangeFileView.as_view(),
            name="crm_exchange_file",
        ),
    ]


@hooks.register("nourx_client_sections")
def forms_of_history(client: Client) -> Iterator[Section]:
    yield Section(
        title=_("E-mails / échanges"),
        template="portal/crm/exchanges_section.html",
        context=client,
        order=1,
        tab="historique",
    )


@hooks.register("nourx_client_timeline")
def exchanges_of_client(client: Client) -> Iterator[TimelineSource]:
    """Tell what was said with a client, and the payments of its opportunities."""

    def rows(window: TimelineWindow) -> list[TimelineEntry]:
        found = Interaction.objects.filter(client=client).select_related("author", "opportunity")
        if window.kind:
            found = found.filter(kind__in=ROWS[window.kind])
        found = found.defer("opportunity__need", "opportunity__search_vector")
        return [_entry(row) for row in window.newest(found, "happened_at", words=WORDS)]

    yield TimelineSource(kinds=KINDS, rows=rows, permission="crm.view_interaction")


def _entry(row: Interaction) -> TimelineEntry:
    details = [row.sender, row.opportunity.title if row.opportunity else ""]
    return TimelineEntry(
        at=row.happened_at,
        text=_title(row),
        detail=" · ".join(each for each in details if each),
        url=reverse("wagtailsnippets_crm_interaction:inspect", args=[row.pk]),
        kind=KEYS[row.kind],
        body=row.body[:1000],
        author=row.author or "",
    )


def _title(row: Interaction) -> str:
    if not row.is_email:
        return row.get_kind_display()
    subject = row.subject or _text("(sans objet)")
    words = _text("E-mail de l’équipe : %s") if row.kind == Kind.EMAIL else _text("E-mail : %s")
    return words % subject
