"""Statements of our accounts: bringing them in, and saying what each line is."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.permissions import register_permission_policy

from billing.payments.models import MoneyAccount
from billing.treasury import queries, services
from billing.treasury.models import StatementFile, StatementLine
from billing.treasury.scores import Proposal
from billing.treasury.screens.base import TreasuryPage, may_view
from billing.treasury.screens.line_acts import ACTIONS
from billing.treasury.statement_files import MOST_BYTES
from core.access.policies import ClosedPolicy, ReadOnlyPolicy
from core.backoffice import menu
from core.backoffice.columns import FrenchDateColumn, MoneyColumn, StatusColumn, StatusLook
from core.backoffice.viewsets import ReadOnlyViewSet
from core.hooks import Section
from core.money import format_amount

register_permission_policy(StatementLine, ReadOnlyPolicy(StatementLine))
register_permission_policy(StatementFile, ClosedPolicy(StatementFile))

State = StatementLine.State
LOOKS = {
    State.OPEN: StatusLook("half", "warn"),
    State.MATCHED: StatusLook("done", "ok"),
    State.IGNORED: StatusLook("cancel"),
}
SHOWN = 100  # lines on the page, oldest first
RECORD = "payments.record_payment"


class StatementLineViewSet(ReadOnlyViewSet):
    """Every line of every statement."""

    model = StatementLine
    icon = "list-ul"
    menu_label = _("Lignes de relevé")
    ordering = "-booked_on"
    list_display = [
        TitleColumn(
            "label",
            label=_("Libellé"),
            accessor=lambda row: row.label or row.reference or str(row),
            url_name="wagtailsnippets_treasury_statementline:inspect",
        ),
        FrenchDateColumn("booked_on", label=_("Date"), sort_key="booked_on"),
        MoneyColumn("amount", label=_("Montant")),
        Column("reference", label=_("Référence")),
        Column("sender", label=_("Émetteur")),
        Column("account", label=_("Compte")),
        StatusColumn("state", label=_("État"), looks=LOOKS),
    ]
    list_filter = ["account", "state"]
    search_fields = ["label", "reference", "sender"]
    list_export = ["booked_on", "amount", "currency", "label", "reference", "sender", "state"]
    money_fields = ("amount",)
    inspect_view_fields = [
        "account",
        "file",
        "position",
        "booked_on",
        "amount",
        "label",
        "reference",
        "sender",
        "state",
        "reason",
        "decided_by",
        "decided_at",
    ]
    actions = ACTIONS

    def get_queryset(self, request: HttpRequest) -> QuerySet[StatementLine]:
        return StatementLine.objects.select_related("account", "file", "decided_by")

    def sections(self, record: StatementLine, request: HttpRequest) -> list[Section]:
        rows = record.matches.select_related("payment", "payout")
        return [
            Section(
                title=_("Rapprochée de"),
                headings=[_("Paiement ou versement"), _("Montant")],
                rows=[
                    [row.payment or row.payout, format_amount(row.amount, record.currency)]
                    for row in rows
                ],
                empty=_("De rien encore."),
            )
        ]


class ImportForm(forms.Form):
    """A statement to bring in."""

    account = forms.ModelChoiceField(MoneyAccount.objects.filter(is_active=True), label=_("Compte"))
    file = forms.FileField(
        label=_("Relevé CSV"), help_text=_("Wave, Orange Money, MTN ou banque ; 5 Mo au plus.")
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("Ce fichier est trop gros : 5 Mo au plus."))
        return file


class ReconcilePage(TreasuryPage):
    """Bring a statement in; confirm what is proposed; both sides that nothing explains."""

    template_name = "billing/treasury/reconcile.html"
    page_title = _("Rapprochement")
    header_icon = "list-ul"

    def post(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(RECORD):
            messages.error(request, _("Il faut pouvoir enregistrer des paiements."))
            return redirect("treasury_reconcile")
        if "certain" in request.POST:
            return self._confirm_certain(request)
        form = ImportForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._page(form, 422)
        file, account = form.cleaned_data["file"], form.cleaned_data["account"]
        try:
            done = services.import_statement(
                account=account,
                name=file.name,
                content=file.read(),
                actor=request.user,
                at=timezone.now(),
            )
        except services.CannotImport as refusal:
            form.add_error("file", refusal.message)
            return self._page(form, 422)
        text = ngettext("%(n)s ligne nouvelle.", "%(n)s lignes nouvelles.", done.new)
        text %= {"n": done.new}
        if done.known:
            rest = ngettext("%(n)s était connue.", "%(n)s étaient connues.", done.known)
            text = f"{text} {rest % {'n': done.known}}"
        messages.success(request, text)
        return redirect(f"{reverse('treasury_reconcile')}?account={account.pk}")

    def _confirm_certain(self, request: HttpRequest) -> HttpResponse:
        lines = list(self._lines())
        done, refused = services.confirm_certain(lines=lines, actor=request.user, at=timezone.now())
        text = ngettext("%(n)s ligne rapprochée.", "%(n)s lignes rapprochées.", done) % {"n": done}
        if refused:
            rest = ngettext("%(n)s ligne est refusée.", "%(n)s lignes sont refusées.", refused)
            text = f"{text} {rest % {'n': refused}}"
        messages.success(request, text)
        return redirect(request.get_full_path())

    def _lines(self) -> QuerySet[StatementLine]:
        rows = StatementLine.objects.filter(state=State.OPEN).select_related("account")
        account = self.request.GET.get("account", "")
        if account.isdecimal() and len(account) < 19:
            rows = rows.filter(account_id=int(account))
        return rows.order_by("booked_on", "pk")[:1000]

    def _page(self, form: ImportForm, status: int = 200) -> HttpResponse:
        return render(
            self.request, self.template_name, self.get_context_data(form=form), status=status
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lines = list(self._lines())
        found = {each.movement.key: each for each in queries.proposals(lines)}
        return super().get_context_data(
            rows=[_row(line, found.get(line.pk)) for line in lines[:SHOWN]],
            more=max(len(lines) - SHOWN, 0),
            certain=sum(each.is_certain for each in found.values()),
            unmatched=_unmatched(lines),
            **{"form": ImportForm(), **kwargs},
        )


def _row(line: StatementLine, proposal: Proposal | None) -> dict[str, Any]:
    url = reverse("wagtailsnippets_treasury_statementline:inspect", args=[line.pk])
    row: dict[str, Any] = {
        "line": line,
        "amount": format_amount(line.amount, line.currency),
        "url": url,
    }
    if proposal is not None:
        row |= {
            "score": proposal.score,
            "reasons": ", ".join(_text(reason) for reason in proposal.reasons),
            "money": " · ".join(name for name in proposal.money.names if name),
            "is_certain": proposal.is_certain,
            "confirm": reverse("wagtailsnippets_treasury_statementline:confirmer", args=[line.pk]),
        }
    return row


def _unmatched(lines: list[StatementLine]) -> list[tuple[Any, str, str]]:
    """Return payments around these lines that no line explains, with their pages."""
    found = []
    for account in {line.account_id: line.account for line in lines}.values():
        days = [line.booked_on for line in lines if line.account_id == account.pk]
        for payment in queries.unmatched_payments(account, min(days), max(days))[:SHOWN]:
            url = reverse("wagtailsnippets_payments_payment:inspect", args=[payment.pk])
            found.append((payment, payment.client.name, url))
    return found


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    """Give the address of the page."""
    return [path("tresorerie/rapprochement/", ReconcilePage.as_view(), name="treasury_reconcile")]


menu.add_link(
    "tresorerie",
    _("Rapprochement"),
    "treasury_reconcile",
    icon="list-ul",
    order=20,
    shown=may_view,
)
menu.add("tresorerie", StatementLineViewSet, order=30)
