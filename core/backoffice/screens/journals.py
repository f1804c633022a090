"""What the system wrote: mails that leave, work that is owed."""

from typing import Any

from django.contrib.admin import display
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.permissions import register_permission_policy
from wagtail_modeladmin.options import modeladmin_register
from wagtail_modeladmin.views import InspectView

from core.access.policies import OwnersJournalPolicy, ReadOnlyPolicy
from core.audit import log
from core.backoffice.actions import RecordAction
from core.backoffice.journals import ReadOnlyModelAdmin
from core.notify.models import OutgoingMail
from core.notify.services import OPENS_ACCOUNTS, AlreadySent, resend
from core.outbox.models import OwedWork
from core.outbox.services import resume

register_permission_policy(OutgoingMail, ReadOnlyPolicy(OutgoingMail))
register_permission_policy(OwedWork, OwnersJournalPolicy(OwedWork))
log.declare(mail_resent=_("Courriel renvoyé"))


class ResendMail(RecordAction):
    """Send again a mail that did not leave."""

    name = "renvoyer"
    label = _("Renvoyer")
    icon_name = "mail"
    question = _("Le courriel repart tout de suite, aux mêmes destinataires.")
    success = _("Le courriel va repartir.")
    refusals = {AlreadySent: _("Ce courriel est déjà parti.")}

    def perform(self, record: OutgoingMail, actor: Any) -> None:
        resend(mail=record, actor=actor, at=timezone.now())

    @classmethod
    def is_offered(cls, record: OutgoingMail) -> bool:
        return record.state == OutgoingMail.State.FAILED


class MailInspectView(InspectView):
    """One mail. The link of one that opens an account is read by its recipient alone."""

    def get_field_display_value(self, field_name: str, field: Any = None) -> Any:
        if field_name == "text" and self.instance.template.startswith(OPENS_ACCOUNTS):
            return _("Ce courriel porte un lien personnel : son texte ne se lit pas ici.")
        return super().get_field_display_value(field_name, field)


class OutgoingMailAdmin(ReadOnlyModelAdmin):
    """The mails that left, wait or failed."""

    model = OutgoingMail
    menu_label = _("Courriels")
    menu_icon = "mail"
    menu_order = 910
    base_url_path = "journaux/courriels"
    list_display = ("subject", "people", "client", "state", "created_at")
    list_filter = ("state", "created_at")
    list_select_related = ("client",)
    search_fields = ("subject", "recipients")
    inspect_view_class = MailInspectView
    inspect_view_fields = [
        "subject", "recipients", "client", "template", "state", "tries", "last_error",
        "created_at", "sent_at", "text",
    ]  # fmt: skip
    ordering = ("-created_at", "-id")
    actions = (ResendMail,)

    @display(description=_("destinataires"))
    def people(self, mail: OutgoingMail) -> str:
        return ", ".join(mail.recipients)


class ResumeWork(RecordAction):
    """Take up again work that was given up."""

    name = "reprendre"
    label = _("Reprendre")
    icon_name = "resubmit"
    question = _("Le travail est repris tout de suite, avec tous ses essais.")
    success = _("Le travail est repris.")

    def perform(self, record: OwedWork, actor: Any) -> None:
        resume(record, at=timezone.now())

    @classmethod
    def is_offered(cls, record: OwedWork) -> bool:
        return record.state == OwedWork.State.DEAD


class OwedWorkAdmin(ReadOnlyModelAdmin):
    """The work done in the background, and what was given up."""

    model = OwedWork
    menu_label = _("Travaux de fond")
    menu_icon = "cogs"
    menu_order = 920
    base_url_path = "journaux/travaux"
    list_display = ("key", "topic", "state", "tries", "created_at")
    list_filter = ("state", "created_at")
    search_fields = ("key", "topic")
    inspect_view_fields = [
        "key", "topic", "payload", "state", "tries", "next_try_at", "last_error",
        "created_at", "done_at",
    ]  # fmt: skip
    ordering = ("-created_at", "-id")
    actions = (ResumeWork,)


modeladmin_register(OutgoingMailAdmin)
modeladmin_register(OwedWorkAdmin)
