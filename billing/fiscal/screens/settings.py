"""How a company certifies its papers. Owners only; the key is written, never shown."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.permissions import register_permission_policy

from billing.fiscal import services
from billing.fiscal.drivers import find_problems
from billing.fiscal.models import FiscalSettings
from billing.fiscal.providers.base import CertificationError
from core.access.policies import SettingsPolicy
from core.accounts.models import Company
from core.accounts.secrets import encrypt_text
from core.audit.log import record as log
from core.backoffice import menu
from core.backoffice.actions import RecordAction
from core.backoffice.viewsets import RecordViewSet

register_permission_policy(FiscalSettings, SettingsPolicy(FiscalSettings))


class FiscalSettingsForm(WagtailAdminModelForm):
    """The settings, and a new key when one is typed. What would not work is not switched on."""

    key = forms.CharField(
        label=_("Clé d’API"),
        required=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Elle ne s’affiche jamais. Vide : celle qui est enregistrée, ou FNE_API_KEY."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("driver") == FiscalSettings.Driver.FNE and not self.errors:
            for problem in self._problems(cleaned):
                self.add_error(None, problem)
        return cleaned

    def save(self, commit: bool = True) -> Any:
        self.instance.typed_key = self.cleaned_data["key"]  # kept by the screen, with its act
        return super().save(commit)

    def _problems(self, cleaned: dict[str, Any]) -> list[str]:
        names = ("driver", "base_url", "point_of_sale", "establishment")
        typed = FiscalSettings(**{name: cleaned.get(name, "") for name in names})
        key = cleaned.get("key", "").strip()
        typed.key_encrypted = encrypt_text(key) if key else self.instance.key_encrypted
        return find_problems(typed)


class TryConnection(RecordAction):
    """Speak to the tax office without certifying anything."""

    name = "essayer"
    label = _("Tester la connexion")
    icon_name = "rotate"
    question = _(
        "Nous envoyons une demande vide à la DGI : elle ne certifie rien et ne coûte aucun sticker."
    )
    refusals = (CertificationError,)

    def perform(self, record: FiscalSettings, actor: Any, **values: Any) -> None:
        self.proved = services.try_connection(chosen=record)
        log("fiscal_connection_tried", record, actor=actor)

    @property
    def success(self) -> str:  # type: ignore[override]
        return getattr(self, "proved", " ")

    def _refusal_text(self, error: Exception) -> Any:
        return getattr(error, "reason", "") or super()._refusal_text(error)

    @classmethod
    def is_offered(cls, record: FiscalSettings) -> bool:
        return record.driver != FiscalSettings.Driver.NONE


class FiscalSettingsViewSet(RecordViewSet):
    """One row per company; none certifies nothing."""

    model = FiscalSettings
    icon = "key"
    menu_label = _("Certification fiscale")
    add_label = _("Certifier les factures d’une société")
    ordering = "company"
    list_display = [
        "company",
        Column("get_driver_display", label=_("Certification")),
        "point_of_sale",
        "establishment",
        Column("sticker_balance", label=_("Stickers restants")),
    ]
    search_fields = ["company__name"]
    inspect_view_enabled = False
    actions = (TryConnection,)
    edit_handler = ObjectList(
        [
            FieldPanel("company"),
            FieldPanel("driver"),
            MultiFieldPanel(
                [
                    FieldPanel("base_url"),
                    FieldPanel("key"),
                    FieldRowPanel([FieldPanel("point_of_sale"), FieldPanel("establishment")]),
                ],
                heading=_("Connexion"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("payment_method"),
                    FieldPanel("commercial_message"),
                    FieldPanel("sends_proforma"),
                    FieldPanel("sticker_threshold"),
                ],
                heading=_("Factures"),
            ),
        ],
        base_form_class=FiscalSettingsForm,
    )

    def saved(self, record: FiscalSettings, *, actor: Any, is_new: bool) -> None:
        services.keep_key(chosen=record, key=getattr(record, "typed_key", ""), actor=actor)

    def get_queryset(self, request: HttpRequest) -> Any:
        return FiscalSettings.objects.select_related("company")

    def new_record(self, request: HttpRequest) -> FiscalSettings:
        return FiscalSettings(company=Company.objects.order_by("pk").first())


menu.add(menu.SETTINGS, FiscalSettingsViewSet, order=60)
