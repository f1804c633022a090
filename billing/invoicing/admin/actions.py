"""The buttons of papers: issue, send, cancel, copy, download."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from billing.invoicing import services
from billing.invoicing.admin.forms import CancelForm, CreditForm, VersionForm
from billing.invoicing.figures import InvalidFigure
from billing.invoicing.models import Invoice, NumberSeries, Quote, QuoteAnswer
from billing.invoicing.numbering import preview_number
from billing.invoicing.papers import document_of
from billing.invoicing.recipients import billing_addresses
from billing.invoicing.services.deductions import left_groups
from billing.invoicing.totals import VatGroup
from core.backoffice.actions import RecordAction
from core.files.links import download_response
from core.money import format_amount, format_percent


class ReadFirst(RecordAction):
    """An act that shows the whole draft first: number to come, parties, sums, warnings."""

    form_class = VersionForm
    template_name = "billing/invoicing/admin/read_first.html"
    prefix_of_series = ""

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.object.version}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        on = timezone.localdate()
        number = preview_number(company=self.object.company, prefix=self.prefix_of_series, on=on)
        try:
            document = document_of(self.object)
        except InvalidFigure as refusal:
            document, trouble = None, _text(refusal.message)
        else:
            trouble = ""
        return super().get_context_data(
            number=number,
            on=on,
            document=document,
            trouble=trouble,
            recipients=billing_addresses(self.object.client),
            warnings=_warnings(self.object, document),
            **kwargs,
        )


class IssueInvoice(ReadFirst):
    name = "issue"
    label = _("Émettre")
    icon_name = "check"
    permission = "issue"
    question = _("Elle reçoit son numéro et ne pourra plus être modifiée : un avoir la corrigera.")
    refusals = (services.CannotIssue,)
    prefix_of_series = NumberSeries.Prefix.INVOICE

    def perform(self, record: Invoice, actor: Any, **values: Any) -> Any:
        self.issued = services.issue_invoice(
            invoice=record,
            on=timezone.localdate(),
            at=timezone.now(),
            actor=actor,
            version=values["version"],
        )
        messages.success(
            self.request,
            _text("Facture %(number)s émise. Son PDF est en préparation.")
            % {"number": self.issued.number},
        )

    @classmethod
    def is_offered(cls, record: Invoice) -> bool:
        return record.status == Invoice.Status.DRAFT


class SendInvoice(RecordAction):
    name = "send"
    label = _("Envoyer")
    icon_name = "mail"
    permission = "issue"
    success = _("L’envoi est en cours : le courriel part avec le PDF.")
    refusals = (services.CannotSend,)

    @property
    def question(self) -> str:  # type: ignore[override]
        addresses = ", ".join(billing_addresses(self.object.client))
        if not addresses:
            return _text("Ce client n’a pas d’adresse e-mail de facturation.")
        return _text("La facture et son PDF partent à : %(addresses)s.") % {"addresses": addresses}

    def perform(self, record: Invoice, actor: Any, **values: Any) -> None:
        services.send_invoice(invoice=record, actor=actor)

    @classmethod
    def is_offered(cls, record: Invoice) -> bool:
        return record.status == Invoice.Status.ISSUED


class CancelInvoice(RecordAction):
    name = "cancel"
    label = _("Annuler par un avoir")
    icon_name = "cross"
    permission = "cancel"
    is_serious = True
    question = _("Un avoir de tout ce qui reste sera émis. La facture ne sera plus à régler.")
    form_class = CancelForm
    refusals = (services.CannotCredit,)

    def perform(self, record: Invoice, actor: Any, **values: Any) -> None:
        note = services.cancel_invoice(
            invoice=record,
            reason=values["reason"],
            on=timezone.localdate(),
            at=timezone.now(),
            actor=actor,
        )
        messages.success(
            self.request, _text("Facture annulée par l’avoir %(number)s.") % {"number": note.number}
        )

    @classmethod
    def is_offered(cls, record: Invoice) -> bool:
        return record.status == Invoice.Status.ISSUED and record.amount_paid == 0


class CreditInvoice(RecordAction):
    """A credit note on a part of an invoice; what is refused is said on the form."""

    name = "credit"
    label = _("Avoir partiel")
    icon_name = "minus"
    permission = "cancel"
    question = _("L’avoir baisse ce qui reste à régler. Il ne pourra pas être repris.")
    form_class = CreditForm
    is_listed = False

    def get_form(self, form_class: Any = None) -> forms.Form:
        form = super().get_form(form_class)
        form.fields["rate"].choices = [
            (str(group.rate), _rate_left(group, self.object)) for group in left_groups(self.object)
        ]
        return form

    def perform(self, record: Invoice, actor: Any, **values: Any) -> None:
        try:
            note = services.issue_credit_note(
                invoice=record,
                reason=values["reason"],
                bases={Decimal(values["rate"]): int(values["base"])},
                on=timezone.localdate(),
                at=timezone.now(),
                actor=actor,
            )
        except services.CannotCredit as refusal:
            raise ValidationError(refusal.message) from refusal
        messages.success(self.request, _text("Avoir %(number)s émis.") % {"number": note.number})

    @classmethod
    def is_offered(cls, record: Invoice) -> bool:
        return record.status == Invoice.Status.ISSUED and record.amount_due > 0


class DuplicateInvoice(RecordAction):
    name = "duplicate"
    label = _("Dupliquer")
    icon_name = "copy"
    permission = "add"
    question = _("Un nouveau brouillon reprend le client, l’objet et les lignes.")
    success = _("Brouillon créé.")

    def perform(self, record: Invoice, actor: Any, **values: Any) -> Invoice:
        return services.duplicate_invoice(invoice=record, actor=actor)

    def get_record_url(self, done: Any = None) -> str:
        if done is None:
            return super().get_record_url()
        return reverse(self.edit_url_name, args=[done.pk])


class DownloadPdf(RecordAction):
    """Hands the kept PDF over; it is no act, so it asks nothing."""

    name = "pdf"
    label = _("Télécharger le PDF")
    icon_name = "download"
    permission = "view"
    form_class = forms.Form

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.object.pdf is None:
            return self._refuse(_("Le PDF est en préparation : réessayez dans un instant."))
        return download_response(request, self.object.pdf)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.get(request, *args, **kwargs)  # type: ignore[return-value]

    @classmethod
    def is_offered(cls, record: Any) -> bool:
        return record.pdf_id is not None


class DownloadCertificate(DownloadPdf):
    """Hands over the certificate of a quote's acceptance."""

    name = "attestation"
    label = _("Télécharger l’attestation")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer = QuoteAnswer.objects.filter(quote=self.object).first()
        if answer is None or answer.certificate is None:
            return self._refuse(_("L’attestation est en préparation : réessayez."))
        return download_response(request, answer.certificate)

    @classmethod
    def is_offered(cls, record: Quote) -> bool:
        return record.status == Quote.Status.ACCEPTED


class SendQuote(ReadFirst):
    name = "send"
    label = _("Envoyer")
    icon_name = "mail"
    permission = "send"
    question = _("Il reçoit son numéro, part au client avec son PDF, et ne pourra plus changer.")
    refusals = (services.CannotIssue,)
    prefix_of_series = NumberSeries.Prefix.QUOTE

    def perform(self, record: Quote, actor: Any, **values: Any) -> None:
        sent = services.send_quote(
            quote=record,
            on=timezone.localdate(),
            at=timezone.now(),
            actor=actor,
            version=values["version"],
        )
        messages.success(self.request, _text("Devis %(number)s envoyé.") % {"number": sent.number})

    @classmethod
    def is_offered(cls, record: Quote) -> bool:
        return record.status == Quote.Status.DRAFT


class MakeInvoice(RecordAction):
    name = "invoice"
    label = _("Créer la facture")
    icon_name = "doc-full"
    permission = "act"
    question = _("Un brouillon de facture reprend les lignes du devis.")
    success = _("Brouillon de facture créé.")
    refusals = (services.AlreadyInvoiced,)

    def perform(self, record: Quote, actor: Any, **values: Any) -> Invoice:
        return services.create_invoice_from_quote(quote=record, actor=actor)

    def get_record_url(self, done: Any = None) -> str:
        if done is None:
            return super().get_record_url()
        return reverse("wagtailsnippets_invoicing_invoice:edit", args=[done.pk])

    @classmethod
    def is_offered(cls, record: Quote) -> bool:
        return record.status == Quote.Status.ACCEPTED


class DuplicateQuote(DuplicateInvoice):
    def perform(self, record: Quote, actor: Any, **values: Any) -> Quote:  # type: ignore[override]
        return services.duplicate_quote(quote=record, actor=actor)


def _rate_left(group: VatGroup, invoice: Invoice) -> str:
    base = format_amount(group.base, invoice.currency)
    return _text("%(rate)s : %(base)s HT restants") % {
        "rate": format_percent(group.rate),
        "base": base,
    }


def _warnings(paper: Any, document: Any) -> list[str]:
    """Return what a person may want to mend first; none of it stops the act."""
    found = []
    if not paper.client.ncc:
        found.append(_text("Le client n’a pas de compte contribuable (NCC)."))
    if not paper.client.address:
        found.append(_text("Le client n’a pas d’adresse."))
    if not paper.company.ncc:
        found.append(_text("Notre propre NCC manque : voir Paramètres, Société."))
    if not billing_addresses(paper.client):
        found.append(_text("Le client n’a pas d’adresse e-mail de facturation."))
    if document is not None and not document.lines:
        found.append(_text("Il n’y a pas encore de ligne."))
    return found
