"""Where the money is today: in hand, on its way, said to be paid, due. Each figure has its rows."""

from typing import Any

from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from billing.payments.gateways import NAMES
from billing.treasury import queries
from billing.treasury.screens.base import TreasuryPage, may_view
from billing.treasury.screens.settlements import payout_buttons
from core.backoffice import menu
from core.money import format_amount


class TreasuryOverview(TreasuryPage):
    """The treasury of the company, per account and currency."""

    template_name = "billing/treasury/overview.html"
    page_title = _("Trésorerie")
    header_icon = "table"

    @cached_property
    def header_buttons(self) -> list[Any]:
        return payout_buttons(self.request)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        tables = [self._in_hand(today), self._in_transit(today), self._declared(today)]
        tables += [self._promised(today), self._due(today)]
        counts = queries.line_counts()
        return super().get_context_data(tables=tables, today=today, counts=counts, **kwargs)

    def _in_hand(self, today: Any) -> dict[str, Any]:
        url = reverse("wagtailsnippets_payments_payment:list")
        rows = [
            (
                row.label or _text("Compte non précisé"),
                row.count,
                format_amount(row.amount, row.currency),
                f"{url}?account={row.account.pk}" if row.account else url,
            )
            for row in queries.cash_in_hand(today)
        ]
        return {
            "title": _("En caisse et en banque"),
            "hint": _(
                "Reçu par virement, chèque, espèces ou wallet, et versé par les prestataires."
            ),
            "rows": rows,
            "empty": _("Aucun compte : ajoutez vos comptes de trésorerie."),
        }

    def _in_transit(self, today: Any) -> dict[str, Any]:
        url = reverse("wagtailsnippets_treasury_settlement:list")
        rows = []
        for row in queries.in_transit(today):
            link = f"{url}?payout__isnull=true&payment__provider={row.provider}"
            guess = _text(" (%(count)s frais estimés)") % {"count": row.estimated}
            name = NAMES.get(row.provider, row.provider) + (guess if row.estimated else "")
            for label, amount in (
                (_text("%(name)s, disponible"), row.available),
                (_text("%(name)s, pas encore disponible"), row.waiting),
            ):
                if amount:
                    money = format_amount(amount, row.currency)
                    rows.append((label % {"name": name}, row.count, money, link))
        return {
            "title": _("En transit chez les prestataires"),
            "hint": _("Net des frais, pas encore versé sur nos comptes."),
            "rows": rows,
            "empty": _("Rien n’est en transit."),
        }

    def _declared(self, today: Any) -> dict[str, Any]:
        url = reverse("wagtailsnippets_payments_transferdeclaration:list") + "?state=pending"
        rows = [
            (_text("À vérifier"), row.count, format_amount(row.amount, row.currency), url)
            for row in queries.declared(today)
        ]
        return {
            "title": _("Déclaré par les clients"),
            "hint": _("Rien n’en est compté avant votre confirmation."),
            "rows": rows,
            "empty": _("Aucun paiement déclaré n’attend."),
        }

    def _promised(self, today: Any) -> dict[str, Any]:
        quotes = reverse("wagtailsnippets_invoicing_quote:list")
        ways = {
            "promise": (_text("Promesses de paiement"), reverse("rapport_impayes")),
            "quote": (_text("Devis acceptés, pas encore facturés"), quotes + "?situation=accepted"),
        }
        rows = [
            (
                ways[row.kind][0],
                row.count,
                format_amount(row.amount, row.currency),
                ways[row.kind][1],
            )
            for row in queries.promised(today)
        ]
        return {
            "title": _("Promis"),
            "hint": _("Ce que des clients ont promis de payer, et ce qu’ils ont accepté."),
            "rows": rows,
            "empty": _("Rien n’est promis."),
        }

    def _due(self, today: Any) -> dict[str, Any]:
        url = reverse("wagtailsnippets_invoicing_invoice:list")
        rows = []
        for currency, later, late, count in queries.due(today):
            rows.append((_text("À échoir"), count, format_amount(later, currency), f"{url}"))
            late_url = f"{url}?situation=late"
            rows.append((_text("En retard"), count, format_amount(late, currency), late_url))
        return {
            "title": _("À recevoir des clients"),
            "hint": _("Reste dû sur les factures émises."),
            "rows": rows,
            "empty": _("Aucune facture n’attend de paiement."),
        }


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    """Give the address of the page."""
    return [path("tresorerie/", TreasuryOverview.as_view(), name="treasury_overview")]


menu.add_link(
    "tresorerie", _("Vue d’ensemble"), "treasury_overview", icon="table", order=10, shown=may_view
)
