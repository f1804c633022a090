"""Ladders: their steps and words, each message seen on a real invoice and sent to oneself."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList, TabbedInterface
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.permissions import register_permission_policy

from billing.dunning import services
from billing.dunning.ladders import step_of
from billing.dunning.models import DunningLadder, DunningStep
from billing.dunning.previews import MessagePreview, preview_of
from billing.dunning.wording import BUILT_IN, WORDING, unknown_in
from billing.invoicing.models import Invoice
from core.access.policies import TeamPolicy
from core.backoffice import menu
from core.backoffice.actions import RecordAction
from core.backoffice.viewsets import RecordViewSet
from core.hooks import Section

register_permission_policy(DunningLadder, TeamPolicy(DunningLadder))
register_permission_policy(DunningStep, TeamPolicy(DunningStep))
PLACEHOLDERS = ", ".join(f"{{{{ {name} }}}}" for name in WORDING.placeholders)
TEXTS = ("subject", "body", "short_text")


class LadderForm(WagtailAdminModelForm):
    """A ladder and its steps. Only the placeholders of reminders are accepted in their words."""

    def is_valid(self) -> bool:
        valid = super().is_valid()
        steps = self.formsets.get("steps") if hasattr(self, "formsets") else None
        for form in steps.forms if steps is not None else ():
            if getattr(form, "cleaned_data", None) and not form.cleaned_data.get("DELETE"):
                valid = _check_step(form) and valid
        return valid


def _check_step(form: forms.ModelForm) -> bool:
    """Check the words of a step; tell whether they may be kept."""
    values = form.cleaned_data
    for name in TEXTS:
        if unknown := unknown_in(values.get(name) or ""):
            text = _text("Une relance ne connaît pas : %(names)s.")
            form.add_error(name, text % {"names": ", ".join(unknown)})
    if values.get("by_email") and not values.get("body") and values.get("key") not in BUILT_IN:
        form.add_error("body", _text("Cette étape n’a pas de message tout prêt : écrivez le sien."))
    if values.get("body") and not values.get("subject"):
        form.add_error("subject", _text("Un texte à vous demande un objet."))
    texts = values.get("by_sms") or values.get("by_whatsapp")
    if texts and not values.get("short_text"):
        form.add_error("short_text", _text("Écrivez le texte court que ces canaux envoient."))
    return not form.errors


class ChooseInvoiceForm(forms.Form):
    """The invoice that lends its words to the messages."""

    invoice = forms.ModelChoiceField(
        label=_("Sur la facture"), queryset=Invoice.objects.none(), empty_label=None
    )
    step = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        unpaid = Invoice.objects.unpaid().filter(due_date__isnull=False).order_by("due_date", "pk")
        field: Any = self.fields["invoice"]
        field.queryset = Invoice.objects.filter(
            pk__in=list(unpaid.values_list("pk", flat=True)[:50])
        )


class PreviewLadder(RecordAction):
    """Each message of a ladder, as a real invoice would send it; each may be sent to oneself."""

    name = "apercu"
    label = _("Aperçu des messages")
    icon_name = "view"
    permission = "view"
    form_class = ChooseInvoiceForm
    template_name = "billing/dunning/admin/preview.html"
    refusals = (services.CannotRemind,)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = ChooseInvoiceForm(self.request.GET or None)
        invoice = form.cleaned_data["invoice"] if form.is_bound and form.is_valid() else None
        invoice = invoice or form.fields["invoice"].queryset.first()  # type: ignore[attr-defined]
        return super().get_context_data(
            choice=form, invoice=invoice, previews=self._previews(invoice), **kwargs
        )

    def _previews(self, invoice: Invoice | None) -> list[MessagePreview]:
        if invoice is None:
            return []
        steps = [step_of(row) for row in self.object.steps.order_by("days")]
        return [preview_of(invoice, step, at=timezone.now()) for step in steps]

    def perform(self, record: DunningLadder, actor: Any, **values: Any) -> None:
        row = record.steps.filter(key=values["step"]).first()
        if row is None:
            raise services.CannotRemind(_text("Cette étape n’est plus dans l’échelle."))
        services.send_test(
            invoice=values["invoice"],
            step=step_of(row),
            on=timezone.localdate(),
            at=timezone.now(),
            actor=actor,
        )
        text = _text("Message d’essai envoyé à %(address)s.")
        messages.success(self.request, text % {"address": actor.email})

    def get_record_url(self, done: Any = None) -> str:
        return self.request.path if self.request.method == "POST" else super().get_record_url()


class LadderViewSet(RecordViewSet):
    """The ladders of reminding."""

    model = DunningLadder
    icon = "list-ol"
    menu_label = _("Échelles de relance")
    add_label = _("Nouvelle échelle")
    ordering = "name"
    list_display = [
        "name",
        Column("get_sector_display", label=_("Secteur")),
        BooleanColumn("is_default", label=_("Par défaut")),
        BooleanColumn("is_active", label=_("Utilisée")),
    ]
    search_fields = ["name"]
    inspect_view_fields = ["name", "company", "sector", "tolerance", "is_default", "is_active"]
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    InlinePanel(
                        "steps",
                        label=_("étape"),
                        heading=_("Étapes"),
                        help_text=_("Mots remplacés : %(names)s.") % {"names": PLACEHOLDERS},
                        panels=[
                            FieldRowPanel(
                                [
                                    FieldPanel("days"),
                                    FieldPanel("label"),
                                    FieldPanel("key"),
                                    FieldPanel("gap_days"),
                                ]
                            ),
                            FieldRowPanel(
                                [
                                    FieldPanel("by_email"),
                                    FieldPanel("by_sms"),
                                    FieldPanel("by_whatsapp"),
                                ]
                            ),
                            FieldRowPanel(
                                [
                                    FieldPanel("with_letter"),
                                    FieldPanel("with_statement"),
                                    FieldPanel("copies_lead"),
                                ]
                            ),
                            FieldPanel("subject"),
                            FieldPanel("body"),
                            FieldPanel("short_text"),
                        ],
                    )
                ],
                heading=_("Étapes"),
            ),
            ObjectList(
                [
                    FieldPanel("name"),
                    FieldRowPanel([FieldPanel("is_default"), FieldPanel("is_active")]),
                    FieldRowPanel([FieldPanel("sector"), FieldPanel("company")]),
                    FieldPanel("segments", widget=forms.CheckboxSelectMultiple),
                    FieldPanel("tolerance"),
                ],
                heading=_("Pour qui"),
            ),
        ],
        base_form_class=LadderForm,
    )
    actions = (PreviewLadder,)

    def sections(self, record: DunningLadder, request: HttpRequest) -> list[Section]:
        rows = [
            [step.days, step.label, step.subject or _("message tout prêt")]
            for step in record.steps.order_by("days")
        ]
        headings = [_("Jours"), _("Étape"), _("Message")]
        return [Section(title=_("Étapes"), headings=headings, rows=rows)]


menu.add(menu.SETTINGS, LadderViewSet, order=41)
