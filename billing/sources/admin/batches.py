"""Acts on many invoices: the buttons under the list, and the page that says what became of them."""

from typing import Any

from django import forms
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from billing.invoicing.models import Invoice
from billing.sources.models import BatchItem, InvoiceBatch
from billing.sources.services.batches import ask_batch
from core.backoffice.bulk import RecordBulkAction
from core.backoffice.columns import FigureColumn, MomentColumn
from core.backoffice.pages import RecordInspectView
from core.backoffice.viewsets import ReadOnlyViewSet
from core.hooks import Section
from core.money import format_amount

Act, State = InvoiceBatch.Act, BatchItem.State
PAGE = "wagtailsnippets_sources_invoicebatch:inspect"
REFRESH = "3"  # seconds between two looks at a batch under way


class IssueForm(forms.Form):
    """Whether issued invoices leave at once."""

    send = forms.BooleanField(label=_("Les envoyer aussi aux clients"), required=False)


class InvoiceBulk(RecordBulkAction):
    """An act on chosen invoices, owed to the worker: this page only asks."""

    models = [Invoice]
    permission = "issue"
    template_name = "billing/sources/admin/batch.html"
    wanted = Invoice.Status.DRAFT
    act_of_form: Any = None

    def check_perm(self, obj: Invoice) -> bool:
        return obj.status == self.wanted and super().check_perm(obj)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        sums: dict[str, int] = {}
        for each in context["items"]:
            invoice = each["item"]
            sums[invoice.currency] = sums.get(invoice.currency, 0) + invoice.total
        texts = [format_amount(amount, currency) for currency, amount in sorted(sums.items())]
        return {**context, "total": " + ".join(texts), "action": self}

    def prepare_action(self, objects: list[Any], without: list[Any]) -> HttpResponse:
        """Ask for the act and go to its page; nothing is done in the request."""
        batch = ask_batch(
            act=self.asked_act(),
            invoices=sorted(objects, key=lambda invoice: invoice.pk),
            at=timezone.now(),
            actor=self.request.user,
        )
        return redirect(reverse(PAGE, args=[batch.pk]))

    def asked_act(self) -> str:
        """Return the act that the form asks for."""
        raise NotImplementedError


class IssueMany(InvoiceBulk):
    display_name = _("Émettre")
    action_type = "emettre"
    aria_label = _("Émettre les brouillons choisis")
    refused_text = _("Ne sont pas des brouillons :")
    form_class = IssueForm

    def asked_act(self) -> str:
        form = self.cleaned_form
        return Act.ISSUE_AND_SEND if form and form.cleaned_data["send"] else Act.ISSUE


class SendMany(InvoiceBulk):
    display_name = _("Envoyer")
    action_type = "envoyer"
    aria_label = _("Envoyer les factures choisies")
    refused_text = _("Ne sont pas émises :")
    wanted = Invoice.Status.ISSUED

    def asked_act(self) -> str:
        return Act.SEND


class BatchInspectView(RecordInspectView):
    """The page of a batch; it looks again by itself until the worker is done."""

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        response = super().render_to_response(context, **kwargs)
        if self.object.done_at is None:
            response["Refresh"] = REFRESH
        return response


class BatchViewSet(ReadOnlyViewSet):
    """What was asked of many invoices at once, and what became of each."""

    model = InvoiceBatch
    icon = "list-ul"
    menu_label = _("Lots de factures")
    inspect_view_class = BatchInspectView
    ordering = "-pk"
    list_display = [
        Column("get_act_display", label=_("Acte")),
        Column("actor", label=_("Demandé par")),
        MomentColumn("asked_at", label=_("Demandé")),
        FigureColumn("waiting", label=_("En attente")),
        FigureColumn("done", label=_("Faites")),
        FigureColumn("failed", label=_("Refusées")),
    ]
    list_export = ["act", "actor", "asked_at", "done_at", "done", "failed"]
    export_headings = {"done": _("Faites"), "failed": _("Refusées")}
    export_filename = "lots"
    inspect_view_fields = ["act", "actor", "asked_at", "done_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[InvoiceBatch]:
        rows = InvoiceBatch.objects.select_related("actor")
        return rows.annotate(
            waiting=Count("items", filter=Q(items__state=State.WAITING)),
            done=Count("items", filter=Q(items__state=State.DONE)),
            failed=Count("items", filter=Q(items__state=State.FAILED)),
        )

    def sections(self, record: InvoiceBatch, request: HttpRequest) -> list[Section]:
        items = list(
            record.items.select_related("invoice", "invoice__client")
            .defer("invoice__search_vector", "invoice__client__search_vector")
            .order_by("pk")
        )
        found = {state: [item for item in items if item.state == state] for state in State.values}
        return [
            _section(_text("Refusées"), found[State.FAILED], 10, has_reason=True),
            _section(_text("En attente"), found[State.WAITING], 20),
            _section(_text("Faites"), found[State.DONE], 30),
        ]


def _section(title: str, items: list[Any], order: int, *, has_reason: bool = False) -> Section:
    headings = [_text("Facture"), _text("Client"), _text("Total TTC")]
    return Section(
        title=f"{title} ({len(items)})",
        headings=[*headings, _text("Motif")] if has_reason else headings,
        rows=[_row(item, has_reason=has_reason) for item in items],
        empty=_text("Aucune."),
        order=order,
    )


def _row(item: BatchItem, *, has_reason: bool) -> list[Any]:
    invoice = item.invoice
    url = reverse("wagtailsnippets_invoicing_invoice:inspect", args=[invoice.pk])
    cells = [
        format_html('<a href="{}">{}</a>', url, invoice),
        invoice.client.name,
        format_amount(invoice.total, invoice.currency),
    ]
    return [*cells, item.reason] if has_reason else cells
