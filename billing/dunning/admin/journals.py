"""Journals of reminding: notices, runs, disputes, promises, pauses, texts, and days off."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn
from wagtail.permissions import register_permission_policy

from billing.dunning.admin.acts import EndPause
from billing.dunning.admin.results import result_of, with_results
from billing.dunning.models import (
    Dispute,
    DunningNotice,
    DunningRun,
    Pause,
    PaymentPromise,
)
from core.access.policies import ReadOnlyPolicy, TeamPolicy
from core.backoffice import menu
from core.backoffice.actions import RecordAction
from core.backoffice.columns import FrenchDateColumn, MomentColumn, MoneyColumn
from core.backoffice.viewsets import ReadOnlyViewSet, RecordViewSet
from core.notify import sms
from core.notify.models import OutgoingText, TextRefusal
from core.notify.sms_sending import NotToSend, mark_text_sent
from core.notify.whatsapp import message_url

for _model in (DunningNotice, DunningRun, Dispute, PaymentPromise, Pause, OutgoingText):
    register_permission_policy(_model, ReadOnlyPolicy(_model))
register_permission_policy(TextRefusal, TeamPolicy(TextRefusal))


class NoticeViewSet(ReadOnlyViewSet):
    """Every reminder: invoice, step, channels, result."""

    model = DunningNotice
    icon = "mail"
    menu_label = _("Relances envoyées")
    ordering = ("-created_at", "-pk")
    list_per_page = 25
    list_display = [
        TitleColumn(
            "invoice", label=_("Facture"), url_name="wagtailsnippets_dunning_dunningnotice:inspect"
        ),
        Column("client", label=_("Client")),
        Column("label", label=_("Étape")),
        MoneyColumn("amount_due", label=_("Reste dû"), currency="XOF"),
        Column("result", label=_("Canal et résultat"), accessor=result_of),
        MomentColumn("created_at", label=_("Le"), sort_key="created_at"),
    ]
    list_filter = {"is_sent": ["exact"], "step": ["exact"]}
    search_fields = ["invoice__number", "client__name", "label"]
    list_export = ["invoice.number", "client.name", "label", "channels", "is_sent", "created_at"]
    inspect_view_fields = [
        "invoice", "client", "label", "due_date", "is_sent", "channels", "letter", "created_at",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[DunningNotice]:
        rows = DunningNotice.objects.select_related("client", "invoice")
        return with_results(rows.defer("client__search_vector", "invoice__search_vector"))


class RunViewSet(ReadOnlyViewSet):
    """Each run of the job, by day, with what it sent and held."""

    model = DunningRun
    icon = "history"
    menu_label = _("Passages des relances")
    ordering = ("-started_at", "-pk")
    list_display = [
        TitleColumn("on", label=_("Jour"), url_name="wagtailsnippets_dunning_dunningrun:inspect"),
        MomentColumn("started_at", label=_("Début")),
        MomentColumn("ended_at", label=_("Fin")),
        Column("sent", label=_("Envoyées")),
        Column("held", label=_("Retenues")),
        Column("failed", label=_("En échec")),
    ]
    inspect_view_fields = ["on", "started_at", "ended_at", "sent", "held", "failed"]


class DisputeViewSet(ReadOnlyViewSet):
    model = Dispute
    icon = "warning"
    menu_label = _("Litiges")
    ordering = ("-opened_at", "-pk")
    list_display = [
        TitleColumn(
            "invoice", label=_("Facture"), url_name="wagtailsnippets_dunning_dispute:inspect"
        ),
        Column("client", label=_("Client")),
        Column("reason", label=_("Motif")),
        BooleanColumn("is_by_client", label=_("Par le client")),
        MomentColumn("opened_at", label=_("Ouvert")),
        MomentColumn("closed_at", label=_("Clos")),
    ]
    export_headings = {"invoice": _("Facture")}
    inspect_labels = {"invoice": _("Facture")}
    list_export = [
        "invoice", "client.name", "reason", "is_by_client", "opened_at", "closed_at", "outcome",
    ]  # fmt: skip
    list_filter = {"closed_at": ["isnull"], "is_by_client": ["exact"]}
    search_fields = ["invoice__number", "client__name", "reason"]
    inspect_view_fields = [
        "invoice", "client", "reason", "is_by_client", "ticket", "opened_by", "opened_at",
        "closed_by", "closed_at", "outcome",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Dispute]:
        rows = Dispute.objects.select_related("client", "invoice", "ticket")
        return rows.defer("client__search_vector", "invoice__search_vector")


class PauseViewSet(ReadOnlyViewSet):
    model = Pause
    icon = "time"
    menu_label = _("Pauses des relances")
    ordering = ("-made_at", "-pk")
    list_display = [
        TitleColumn("client", label=_("Client"), url_name="wagtailsnippets_dunning_pause:inspect"),
        Column("invoice", label=_("Facture")),
        Column("reason", label=_("Motif")),
        FrenchDateColumn("until", label=_("Jusqu’au")),
        MomentColumn("ended_at", label=_("Levée")),
    ]
    search_fields = ["invoice__number", "client__name", "reason"]
    export_headings = {"invoice": _("Facture")}
    inspect_labels = {"invoice": _("Facture")}
    list_export = ["client.name", "invoice", "reason", "until", "made_at", "ended_at"]
    inspect_view_fields = ["client", "invoice", "reason", "until", "made_by", "made_at", "ended_at"]
    actions = (EndPause,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Pause]:
        rows = Pause.objects.select_related("client", "invoice")
        return rows.defer("client__search_vector", "invoice__search_vector")


class OpenWhatsApp(RecordAction):
    """Opens WhatsApp with the message ready; that click says that it was sent."""

    name = "whatsapp"
    label = _("Ouvrir WhatsApp")
    icon_name = "mobile-alt"
    refusals = (NotToSend,)

    @property
    def question(self) -> str:  # type: ignore[override]
        return str(self.object.text)

    def perform(self, record: OutgoingText, actor: Any, **values: Any) -> OutgoingText:
        return mark_text_sent(text=record, actor=actor, at=timezone.now())

    def get_record_url(self, done: Any = None) -> str:
        if done is not None:
            return message_url(done.phone, done.text)
        return super().get_record_url()

    @classmethod
    def is_offered(cls, record: OutgoingText) -> bool:
        return (
            record.channel == OutgoingText.Channel.WHATSAPP
            and record.state != OutgoingText.State.VOID
        )


class TextViewSet(ReadOnlyViewSet):
    """SMS that left, and WhatsApp messages that wait for a person."""

    model = OutgoingText
    icon = "mobile-alt"
    menu_label = _("SMS et WhatsApp")
    ordering = ("-created_at", "-pk")
    list_display = [
        TitleColumn(
            "phone", label=_("Numéro"), url_name="wagtailsnippets_notify_outgoingtext:inspect"
        ),
        Column("client", label=_("Client")),
        Column("get_channel_display", label=_("Canal")),
        Column("text", label=_("Texte")),
        Column("get_state_display", label=_("État")),
        MomentColumn("created_at", label=_("Depuis"), sort_key="created_at"),
        MomentColumn("sent_at", label=_("Envoyé")),
    ]
    list_filter = {"channel": ["exact"], "state": ["exact"]}
    search_fields = ["phone", "client__name", "text"]
    list_export = ["phone", "client.name", "channel", "text", "segments", "state", "sent_at"]
    inspect_view_fields = [
        "phone", "client", "channel", "text", "segments", "state", "reference", "last_error",
        "sent_by", "created_at", "sent_at",
    ]  # fmt: skip
    actions = (OpenWhatsApp,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[OutgoingText]:
        return OutgoingText.objects.select_related("client").defer("client__search_vector")


class RefusalForm(WagtailAdminModelForm):
    """A number, kept as the gateway is given it."""

    def clean_phone(self) -> str:
        number = sms.international(self.cleaned_data["phone"])
        if not number:
            raise ValidationError(_("Écrivez un numéro entier, comme +225 07 00 00 00 00."))
        return number


class RefusalViewSet(RecordViewSet):
    """Numbers that want no SMS."""

    model = TextRefusal
    icon = "cross"
    menu_label = _("Numéros sans SMS")
    add_label = _("Nouveau numéro")
    ordering = "-pk"
    list_display = ["phone", Column("reason", label=_("Demandé par"))]
    search_fields = ["phone", "reason"]
    edit_handler = ObjectList(
        [FieldPanel("phone"), FieldPanel("reason")], base_form_class=RefusalForm
    )
    inspect_view_fields = ["phone", "reason", "since"]


menu.add("relances", NoticeViewSet, order=30)
menu.add("relances", TextViewSet, order=40)
menu.add("relances", DisputeViewSet, order=50)
menu.add("relances", PauseViewSet, order=60)
menu.add("relances", RunViewSet, order=70)
menu.add(menu.SETTINGS, RefusalViewSet, order=43)
