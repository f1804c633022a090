"""The acts on the books: post, validate, work drafts out again, export."""

from datetime import timedelta
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin import messages

from billing.accounting import services
from billing.accounting.models import Books, ExportBatch
from core.backoffice.actions import RecordAction
from core.backoffice.dates import DateInput
from core.ui.formats import date_long

AT_ONCE = 2000  # entries of an export made while the person waits


class BooksAction(RecordAction):
    """An act on the books, for whoever holds `right`."""

    right = ""
    is_listed = False
    refusals = (services.Refused,)

    @classmethod
    def may(cls, user: Any, record: Any) -> bool:
        return cls.is_offered(record) and user.has_perm(cls.right)

    def user_has_permission(self, permission: str) -> bool:
        return self.request.user.has_perm(self.right)

    def tell_problems(self, posted: services.Posted) -> None:
        """Say what could not be posted, the first few by name."""
        for problem in posted.problems[:5]:
            text = _text("Non comptabilisé (%(kind)s %(id)s) : %(why)s.")
            facts = {"kind": problem.kind, "id": problem.source_id, "why": problem.text}
            messages.warning(self.request, text % facts)
        if more := len(posted.problems[5:]):
            messages.warning(self.request, _text("Et %(more)s autres.") % {"more": more})


class PostEntries(BooksAction):
    """Post what happened since the last time."""

    name = "comptabiliser"
    label = _("Comptabiliser maintenant")
    icon_name = "plus"
    right = "accounting.post_entries"
    question = _(
        "Les factures, avoirs, règlements et frais pas encore comptabilisés le sont, une fois "
        "chacun. C’est aussi fait chaque heure."
    )

    def perform(self, record: Books, actor: Any, **values: Any) -> None:
        posted = services.post_entries(company=record.company, at=timezone.now())
        text = ngettext("%(n)s écriture passée.", "%(n)s écritures passées.", posted.entries)
        if not posted.entries:
            text = _text("Rien de nouveau à comptabiliser.")
        messages.success(self.request, text % {"n": posted.entries})
        self.tell_problems(posted)


class RebuildDrafts(BooksAction):
    """Work drafts out again with the accounts of now."""

    name = "recalculer"
    label = _("Recalculer le brouillard")
    icon_name = "rotate"
    right = "accounting.validate_entries"
    question = _(
        "Les écritures non validées sont refaites avec les comptes d’aujourd’hui. "
        "Celles qui sont validées ne changent pas."
    )

    def perform(self, record: Books, actor: Any, **values: Any) -> None:
        posted = services.rebuild_drafts(company=record.company, actor=actor, at=timezone.now())
        text = ngettext("%(n)s écriture refaite.", "%(n)s écritures refaites.", posted.entries)
        messages.success(self.request, text % {"n": posted.entries})
        self.tell_problems(posted)


def _yesterday() -> Any:
    return timezone.localdate() - timedelta(days=1)


class ValidationForm(forms.Form):
    """Up to which day."""

    until = forms.DateField(label=_("Valider jusqu’au"), widget=DateInput, initial=_yesterday)


class ValidateEntries(BooksAction):
    """Number the entries up to a day, for good."""

    name = "valider"
    label = _("Valider jusqu’au…")
    icon_name = "lock"
    is_serious = True
    right = "accounting.validate_entries"
    form_class = ValidationForm
    question = _(
        "Les écritures reçoivent leur numéro et ne changent plus. La période est fermée : ce qui "
        "arrive ensuite, daté d’avant, est comptabilisé au premier jour ouvert."
    )

    def perform(self, record: Books, actor: Any, **values: Any) -> None:
        now = timezone.now()
        count = services.validate_entries(
            company=record.company,
            today=timezone.localdate(now),
            actor=actor,
            at=now,
            **values,
        )
        text = ngettext("%(n)s écriture validée", "%(n)s écritures validées", count)
        until = _text("jusqu’au %(day)s.") % {"day": date_long(values["until"])}
        messages.success(self.request, f"{text % {'n': count}} {until}")


def _month_start() -> Any:
    last = timezone.localdate().replace(day=1) - timedelta(days=1)
    return last.replace(day=1)


def _month_end() -> Any:
    return timezone.localdate().replace(day=1) - timedelta(days=1)


class ExportForm(forms.Form):
    """What to hand over."""

    format = forms.ChoiceField(label=_("Format"), choices=ExportBatch.Format.choices)
    scope = forms.ChoiceField(label=_("Contenu"), choices=ExportBatch.Scope.choices, required=False)
    start = forms.DateField(label=_("Du"), widget=DateInput, initial=_month_start)
    end = forms.DateField(label=_("Au"), widget=DateInput, initial=_month_end)


class MakeExport(BooksAction):
    """Hand validated entries over to the accountant."""

    name = "exporter"
    label = _("Exporter")
    icon_name = "download"
    right = "accounting.export_entries"
    form_class = ExportForm
    question = _(
        "Seules les écritures validées sortent, et une seule fois : un second export ne les "
        "reprend pas. Le format FEC, lui, copie toute la période sans rien prendre."
    )

    def perform(self, record: Books, actor: Any, **values: Any) -> ExportBatch:
        batch = services.make_export(books=record, actor=actor, at=timezone.now(), **values)
        if batch.entry_count <= AT_ONCE:
            batch = services.write_export(batch_id=batch.pk)
        text = ngettext("%(n)s écriture exportée.", "%(n)s écritures exportées.", batch.entry_count)
        messages.success(self.request, text % {"n": batch.entry_count})
        return batch

    def get_record_url(self, done: Any = None) -> str:
        if done is None:
            return super().get_record_url(done)
        return reverse("wagtailsnippets_accounting_exportbatch:inspect", args=[done.pk])
