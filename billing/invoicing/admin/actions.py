"""The buttons of papers: issue, send, cancel, copy, download."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from billing.invoicing import services
from billing.invoicing.admin.forms import VersionForm
from billing.invoicing.figures import InvalidFigure
from billing.invoicing.models import Invoice, NumberSeries, Quote, QuoteAnswer
from billing.invoicing.numbering import preview_number
from billing.invoicing.papers import document_of
from billing.invoicing.portions import ExceedsInvoice
from billing.invoicing.recipients import billing_addresses
from core.backoffice.actions import RecordAction
from core.files.links import download_response


class ReadAgain(Exception):
    """What the page shows is no longer what the act would do; the message says why."""


class ReadFirst(RecordAction):
    """An act that shows the whole draft first: number to come, parties, sums, warnings."""

    form_class = VersionForm
    template_name = "billing/invoicing/admin/read_first.html"
    prefix_of_series = ""

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.object.version, "seen": self._seen()}

    def _seen(self) -> int | None:
        """Return the net to pay that the page shows, in units of the paper’s currency."""
        try:
            return document_of(self.object).payable
        except (InvalidFigure, ExceedsInvoice):
            return None

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            return super().form_valid(form)
        except ReadAgain as refusal:  # the same page, with the sum as it is now
            messages.error(self.request, str(refusal))
            return redirect(self.request.get_full_path())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        on = timezone.localdate()
        number = preview_number(company=self.object.company, prefix=self.prefix_of_series, on=on)
        try:
            document = document_of(self.object)
        except (InvalidFigure, ExceedsInvoice) as refusal:
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
    is_main = True
    icon_name = "check"
    permission = "issue"
    question = _("Elle reçoit son numéro et ne pourra plus être modifiée : un avoir la corrigera.")
    refusals = (services.CannotIssue,)
    prefix_of_series = NumberSeries.Prefix.INVOICE

    def perform(self, record: Invoice, actor: Any, **values: Any) -> Any:
        try:
            self.issued = services.issue_invoice(
                invoice=record,
                on=timezone.localdate(),
                at=timezone.now(),
                actor=actor,
                version=values["version"],
                seen=values["seen"],
            )
        except services.SumsChanged as refusal:
            raise ReadAgain(refusal.message) from refusal
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
    is_main = True
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
    is_main = True
    icon_name = "mail"
    permission = "send"
    question = _("Il reçoit son numéro, part au client avec son PDF, et ne pourra plus changer.")
    refusals = (services.CannotIssue,)
    prefix_of_series = NumberSeries.Prefix.QUOTE

    def perform(self, record: Quote, actor: Any, **values: Any) -> None:
        try:
            sent = services.send_quote(
                quote=record,
                on=timezone.localdate(),
                at=timezone.now(),
                actor=actor,
                version=values["version"],
                seen=values["seen"],
            )
        except services.SumsChanged as refusal:
            raise ReadAgain(refusal.message) from refusal
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
    refusals = (services.AlreadyInvoiced, services.CannotDeposit)

    def perform(self, record: Quote, actor: Any, **values: Any) -> Invoice:
        return services.bill_quote(quote=record, actor=actor)

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
