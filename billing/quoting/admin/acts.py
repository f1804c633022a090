"""The buttons of a quote and of a project that make work and invoices of them."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from billing.invoicing.models import Invoice, Quote
from billing.invoicing.services.issuing import CannotIssue
from billing.quoting import queries
from billing.quoting.admin.forms import MilestoneForm, NameForm, PartForm, TransformForm
from billing.quoting.models import Transformation
from billing.quoting.services.billing import CannotBill, bill_instalment, bill_milestone
from billing.quoting.services.templates import CannotCopy, save_as_template
from billing.quoting.services.transforming import CannotTransform, transform_quote
from core.access.row_guard import policy_of
from core.backoffice.actions import RecordAction
from core.money import format_amount
from portal.projects.models import Project

INVOICE_PAGE = "wagtailsnippets_invoicing_invoice:inspect"


class SaveAsTemplate(RecordAction):
    name = "modele"
    label = _("Enregistrer comme modèle")
    icon_name = "doc-full-inverse"
    permission = "add"
    question = _("Les textes, les lignes, les options et l’échéancier ; rien du client.")
    form_class = NameForm
    success = _("Modèle enregistré.")
    is_listed = False

    def perform(self, record: Quote, actor: Any, **values: Any) -> Any:
        try:
            return save_as_template(quote=record, name=values["name"], actor=actor)
        except CannotCopy as refusal:
            raise ValidationError(refusal.message) from refusal

    def get_record_url(self, done: Any = None) -> str:
        if done is None:
            return super().get_record_url()
        return reverse("wagtailsnippets_quoting_quotetemplate:edit", args=[done.pk])


class TransformQuote(RecordAction):
    """The project, its milestones and the deposit of an accepted quote, in one act."""

    name = "transform"
    label = _("Transformer")
    is_main = True
    icon_name = "folder-open-inverse"
    permission = "act"
    question = _(
        "Le projet s’ouvre avec un jalon par échéance, et la facture d’acompte est préparée. "
        "Les autres échéances attendent leur jalon."
    )
    form_class = TransformForm
    is_listed = False

    def get_initial(self) -> dict[str, Any]:
        return {"title": self.object.subject, "project": self.object.project_id}

    def get_form(self, form_class: Any = None) -> forms.Form:
        form = super().get_form(form_class)
        projects = Project.objects.filter(client=self.object.client_id)
        form.fields["project"].queryset = projects.exclude(status=Project.Status.ARCHIVED)
        if not self._may_issue():
            del form.fields["issues_deposit"]
        return form

    def perform(self, record: Quote, actor: Any, **values: Any) -> None:
        issues = values.get("issues_deposit", False)
        if issues and not self._may_issue():
            raise PermissionDenied
        try:
            done = transform_quote(
                quote=record,
                project=values["project"],
                title=values["title"],
                on=timezone.localdate(),
                at=timezone.now(),
                actor=actor,
                issues_deposit=issues,
                template=values.get("template"),
            )
        except (CannotTransform, CannotBill, CannotIssue) as refusal:
            raise ValidationError(refusal.message) from refusal
        words = _text("Projet « %(project)s » prêt.") % {"project": done.project.title}
        if done.deposit is not None:
            words += " " + _text("Facture d’acompte : %(invoice)s.") % {"invoice": done.deposit}
        messages.success(self.request, words)

    def _may_issue(self) -> bool:
        return policy_of(Invoice).user_has_permission(self.request.user, "issue")

    @classmethod
    def is_offered(cls, record: Quote) -> bool:
        if record.status != Quote.Status.ACCEPTED:
            return False
        return not Transformation.objects.filter(quote=record, project__isnull=False).exists()


class InvoiceDraftAction(RecordAction):
    """An act that ends on the draft invoice it made, for whoever may write invoices."""

    def get_record_url(self, done: Any = None) -> str:
        return super().get_record_url() if done is None else reverse(INVOICE_PAGE, args=[done.pk])

    @classmethod
    def may(cls, user: Any, record: Any) -> bool:
        allowed = policy_of(Invoice).user_has_permission(user, "add")
        return allowed and super().may(user, record)


class BillInstalment(InvoiceDraftAction):
    """The draft invoice of one part of the plan."""

    name = "echeance"
    label = _("Facturer une échéance")
    is_main = True
    icon_name = "doc-full"
    permission = "act"
    question = _(
        "Un brouillon de facture d’acompte est préparé ; la dernière échéance donne la facture de "
        "solde, qui déduit les acomptes."
    )
    form_class = PartForm
    success = _("Brouillon de facture créé.")
    is_listed = False

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("echeance", "")
        return {"instalment": int(asked)} if asked.isdecimal() and len(asked) < 19 else {}

    def get_form(self, form_class: Any = None) -> forms.Form:
        form = super().get_form(form_class)
        open_parts = [
            part.instalment.pk
            for part in queries.standing_of(self.object)
            if part.invoice is None and part.instalment.amount > 0
        ]
        field: Any = form.fields["instalment"]
        field.queryset = self.object.instalments.filter(pk__in=open_parts).order_by(
            "sort_order", "pk"
        )
        field.label_from_instance = lambda row: (
            f"{row.label} · {format_amount(row.amount, self.object.currency)}"
        )
        return form

    def perform(self, record: Quote, actor: Any, **values: Any) -> Invoice:
        try:
            return bill_instalment(instalment=values["instalment"], at=timezone.now(), actor=actor)
        except CannotBill as refusal:
            raise ValidationError(refusal.message) from refusal

    @classmethod
    def is_offered(cls, record: Quote) -> bool:
        if record.status != Quote.Status.ACCEPTED:
            return False
        return any(part.invoice is None for part in queries.standing_of(record))


class BillMilestone(InvoiceDraftAction):
    """The draft invoice of a milestone that no quote bills."""

    name = "facturer-jalon"
    label = _("Facturer un jalon")
    icon_name = "doc-full"
    permission = "view"
    question = _("Un brouillon de facture porte le jalon ; un jalon n’est facturé qu’une fois.")
    form_class = MilestoneForm
    success = _("Brouillon de facture créé.")
    is_listed = False

    def get_form(self, form_class: Any = None) -> forms.Form:
        form = super().get_form(form_class)
        form.fields["milestone"].queryset = queries.billable_milestones(self.object)
        if not self.object.client.company.charges_vat:
            form.fields["rate"].initial = 0
        return form

    def perform(self, record: Project, actor: Any, **values: Any) -> Invoice:
        try:
            return bill_milestone(**values, at=timezone.now(), actor=actor)
        except CannotBill as refusal:
            raise ValidationError(refusal.message) from refusal

    @classmethod
    def is_offered(cls, record: Project) -> bool:
        return queries.billable_milestones(record).exists()
