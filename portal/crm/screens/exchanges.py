"""What was said with clients, and internal notes."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn

from core.accounts.models import Client
from core.backoffice.actions import RecordAction
from core.backoffice.columns import FrenchDateColumn
from core.backoffice.pages import TAB
from core.backoffice.viewsets import RecordViewSet
from core.hooks import Section
from core.ui.formats import file_size
from portal.crm import services
from portal.crm.models import Interaction, Opportunity

INSPECT = "wagtailsnippets_crm_interaction:inspect"
META = {
    "to": _("Destinataires"),
    "cc": _("Copies"),
    "cut": _("Texte coupé à 50 000 caractères"),
    "summary": _("Résumé"),
    "refused_files": _("Fichiers refusés"),
    "left_files": _("Fichiers non gardés"),
    "reference": _("Référence du paiement"),
    "provider": _("Prestataire"),
    "provider_reference": _("Référence opérateur"),
    "amount": _("Montant"),
    "currency": _("Devise"),
    "payment_id": _("Numéro du paiement"),
}


class Pin(RecordAction):
    """Keep it at the head of the client's page."""

    name = "epingler"
    label = _("Épingler")
    icon_name = "pick"
    success = _("Épinglé en tête de la fiche du client.")

    @classmethod
    def is_offered(cls, record: Interaction) -> bool:
        return not record.is_pinned

    def perform(self, record: Interaction, actor: Any) -> None:
        services.pin_interaction(interaction=record, is_pinned=True, actor=actor)


class Unpin(RecordAction):
    """Let it go from the head of the client's page."""

    name = "detacher"
    label = _("Détacher")
    icon_name = "cross"
    success = _("Détaché.")

    @classmethod
    def is_offered(cls, record: Interaction) -> bool:
        return record.is_pinned

    def perform(self, record: Interaction, actor: Any) -> None:
        services.pin_interaction(interaction=record, is_pinned=False, actor=actor)


class Remove(RecordAction):
    """Take it out of the client's history, with its files."""

    name = "retirer"
    label = _("Retirer")
    icon_name = "bin"
    is_serious = True
    question = _(
        "L’échange et ses pièces jointes disparaissent de l’historique. Le journal garde qu’il y "
        "était, et qui l’a retiré."
    )
    success = _("Échange retiré de l’historique.")

    @classmethod
    def is_offered(cls, record: Interaction) -> bool:
        return not record.is_locked

    @classmethod
    def may(cls, user: Any, record: Interaction) -> bool:
        return super().may(user, record) and user.has_perm("crm.delete_interaction")

    def perform(self, record: Interaction, actor: Any) -> Interaction:
        services.remove_interaction(interaction=record, actor=actor)
        return record

    def get_record_url(self, done: Any = None) -> str:
        if done is None:
            return super().get_record_url()
        page = reverse("wagtailsnippets_accounts_client:inspect", args=[done.client_id])
        return f"{page}?{TAB}=historique"


class InteractionViewSet(RecordViewSet):
    """What was said with clients, and internal notes."""

    model = Interaction
    icon = "comment"
    menu_label = _("Échanges et notes")
    add_label = _("Noter un échange")
    ordering = "-happened_at"
    list_display = [
        TitleColumn("title", label=_("Échange"), accessor=str, url_name=INSPECT),
        Column("client", label=_("Client")),
        Column("get_kind_display", label=_("Nature")),
        Column("author", label=_("Auteur")),
        FrenchDateColumn("happened_at", label=_("Le"), sort_key="happened_at"),
        BooleanColumn("is_pinned", label=_("Épinglé")),
    ]
    list_filter = ["kind", "is_pinned"]
    search_fields = ["subject", "sender", "body", "client__search_norm"]
    inspect_view_fields = [
        "client", "kind", "happened_at", "sender", "subject", "opportunity", "body", "author",
        "is_pinned",
    ]  # fmt: skip
    actions = (Pin, Unpin, Remove)
    panels = [
        FieldPanel("client"),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("happened_at")]),
        FieldRowPanel([FieldPanel("sender"), FieldPanel("subject")]),
        FieldPanel("opportunity"),
        FieldPanel("body"),
        FieldPanel("is_pinned"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Interaction]:
        rows = Interaction.objects.select_related("client", "author")
        return rows.defer("client__search_vector")

    def new_record(self, request: HttpRequest) -> Interaction:
        kind = request.GET.get("kind", "")
        return Interaction(
            happened_at=timezone.now(),
            author=request.user,
            client=_asked(Client, request.GET.get("client", "")),
            opportunity=_asked(Opportunity, request.GET.get("opportunity", "")),
            kind=kind if kind in Interaction.Kind.values else Interaction.Kind.NOTE,
        )

    def get_form_class(self, for_update: bool = False) -> Any:
        """Return the form without the kind that the system alone writes."""
        form = super().get_form_class(for_update)
        field = form.base_fields.get("kind")
        if field is not None:
            field.choices = [one for one in field.choices if one[0] != Interaction.Kind.PAYMENT]
        return form

    def sections(self, record: Interaction, request: HttpRequest) -> list[Section]:
        return [section for section in (_files(record), _known(record)) if section is not None]

    def saved(self, record: Interaction, *, actor: object, is_new: bool) -> None:
        services.note_interaction(interaction=record, actor=actor)


def _files(record: Interaction) -> Section | None:
    """Return the files that came with an exchange."""
    kept = list(record.files.select_related("file").order_by("pk"))
    if not kept:
        return None
    rows = [
        (
            format_html(
                '<a href="{}">{}</a>',
                reverse("crm_exchange_file", args=[record.pk, row.pk]),
                row.file.name,
            ),
            file_size(row.file.size),
        )
        for row in kept
    ]
    return Section(title=_("Pièces jointes"), headings=(_("Fichier"), _("Taille")), rows=rows)


def _known(record: Interaction) -> Section | None:
    """Return what else is known of an exchange, in words."""
    rows = [
        (META.get(name, name), ", ".join(map(str, value)) if isinstance(value, list) else value)
        for name, value in record.meta.items()
        if value not in ("", None, False)
    ]
    if record.message_id:
        rows.append(("Message-ID", record.message_id))
    headings = (_("Donnée"), _("Valeur"))
    return Section(title=_("Autres informations"), headings=headings, rows=rows) if rows else None


def _asked(model: Any, key: str) -> Any:
    """Return the row that an address names, to begin a form with; None when it names none."""
    return model.objects.filter(pk=key).first() if key.isdecimal() and len(key) < 18 else None
