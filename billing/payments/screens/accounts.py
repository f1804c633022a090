"""Where our money is: the accounts, wallets and cash boxes of the company."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.permissions import register_permission_policy

from billing.payments.models import MoneyAccount
from core.access.policies import NeverDeletedPolicy
from core.backoffice import menu
from core.backoffice.viewsets import RecordViewSet

register_permission_policy(MoneyAccount, NeverDeletedPolicy(MoneyAccount))


class MoneyAccountViewSet(RecordViewSet):
    """Bank accounts, wallets and cash boxes."""

    model = MoneyAccount
    icon = "home"
    menu_label = _("Comptes de trésorerie")
    add_label = _("Nouveau compte")
    ordering = ["kind", "name"]
    list_display = [
        "name",
        Column("get_kind_display", label=_("Nature")),
        Column("number", label=_("Numéro")),
        Column("currency", label=_("Devise")),
        Column("is_shown", label=_("Proposé aux clients"), accessor=lambda row: _yes(row.is_shown)),
        Column("is_active", label=_("En service"), accessor=lambda row: _yes(row.is_active)),
    ]
    list_filter = ["kind", "is_shown", "is_active"]
    search_fields = ["name", "number", "holder"]
    panels = [
        FieldPanel("company"),
        FieldPanel("kind"),
        FieldPanel("name"),
        FieldPanel("number"),
        FieldPanel("holder"),
        FieldPanel("currency"),
        MultiFieldPanel(
            [FieldPanel("is_shown"), FieldPanel("instructions")], heading=_("Pour les clients")
        ),
        MultiFieldPanel(
            [FieldPanel("opening_balance"), FieldPanel("opened_on")], heading=_("Reprise")
        ),
        FieldPanel("is_active"),
    ]
    inspect_view_fields = [
        "company",
        "kind",
        "name",
        "number",
        "holder",
        "currency",
        "instructions",
        "is_shown",
        "is_active",
    ]


def _yes(value: bool) -> str:
    return str(_("Oui") if value else _("Non"))


menu.add("tresorerie", MoneyAccountViewSet, order=70)
