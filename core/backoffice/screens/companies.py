"""Our company: what stands on every paper, its taxes, its colours. Owners only."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList, TabbedInterface
from wagtail.permissions import register_permission_policy

from core.access.policies import SettingsPolicy
from core.accounts.models import Company, TaxRule, VatRate
from core.backoffice import menu, pages
from core.backoffice.viewsets import RecordViewSet

register_permission_policy(Company, SettingsPolicy(Company))
register_permission_policy(VatRate, SettingsPolicy(VatRate))
register_permission_policy(TaxRule, SettingsPolicy(TaxRule))


class CompanyIndexView(pages.RecordIndexView):
    """With one company, as usual, the menu opens it at once."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        keys = list(Company.objects.values_list("pk", flat=True)[:2])
        if len(keys) == 1 and not request.GET and not self.results_only:
            return redirect(self.edit_url_name, keys[0])
        return super().get(request, *args, **kwargs)


class CompanyViewSet(RecordViewSet):
    """The agency as a legal person."""

    model = Company
    icon = "home"
    menu_label = _("Société")
    add_label = _("Nouvelle société")
    ordering = "name"
    index_view_class = CompanyIndexView
    list_display = ["name", "legal_name", "city", "currency"]
    search_fields = ["name", "legal_name"]
    inspect_view_enabled = False
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldRowPanel([FieldPanel("name"), FieldPanel("legal_name")]),
                    FieldRowPanel([FieldPanel("legal_form"), FieldPanel("share_capital")]),
                    FieldRowPanel([FieldPanel("rccm"), FieldPanel("ncc")]),
                    FieldRowPanel([FieldPanel("idu"), FieldPanel("tax_office")]),
                    FieldPanel("tax_regime"),
                    FieldPanel("address"),
                    FieldRowPanel([FieldPanel("city"), FieldPanel("country")]),
                    FieldRowPanel([FieldPanel("phone"), FieldPanel("email")]),
                    FieldPanel("website"),
                ],
                heading=_("Identité"),
            ),
            ObjectList(
                [
                    FieldRowPanel([FieldPanel("currency"), FieldPanel("payment_term_days")]),
                    FieldPanel("send_on_issue"),
                    FieldPanel("invoice_terms"),
                    FieldRowPanel([FieldPanel("bank_name"), FieldPanel("bank_account")]),
                    FieldPanel("wallets"),
                ],
                heading=_("Facturation"),
            ),
            ObjectList(
                [
                    InlinePanel(
                        "vat_rates",
                        heading=_("Taux de TVA"),
                        label=_("taux"),
                        panels=[
                            FieldRowPanel(
                                [FieldPanel("label"), FieldPanel("rate"), FieldPanel("code")]
                            ),
                            FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_until")]),
                            FieldPanel("legal_text"),
                            FieldPanel("is_default"),
                        ],
                    ),
                    InlinePanel(
                        "tax_rules",
                        heading=_("Retenues à la source et autres taxes"),
                        label=_("taxe"),
                        help_text=_(
                            "Un taux qui change se note sur une nouvelle ligne du même nom, avec "
                            "ses dates : les brouillons suivent, les documents émis ne bougent pas."
                        ),
                        panels=[
                            FieldRowPanel([FieldPanel("kind"), FieldPanel("label")]),
                            FieldRowPanel([FieldPanel("rate"), FieldPanel("base")]),
                            FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_until")]),
                            FieldPanel("legal_text"),
                        ],
                    ),
                ],
                heading=_("Taxes"),
            ),
            ObjectList(
                [FieldPanel("lead")],
                heading=_("Présentation"),
            ),
        ]
    )

    def url_after_save(self, record: Company) -> str:
        return reverse(self.get_url_name("edit"), args=[record.pk])


menu.add(menu.SETTINGS, CompanyViewSet, order=10)
