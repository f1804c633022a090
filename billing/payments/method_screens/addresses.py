"""Where the pages of « Moyens de paiement » are, and who sees them in the menu."""

from typing import Any

from django.http import HttpRequest
from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.permissions import register_permission_policy

from billing.methods.models import ChannelSetting, ProviderAccount
from billing.payments.method_screens import views
from core.access.policies import SettingsPolicy
from core.access.row_guard import policy_of
from core.backoffice import menu

register_permission_policy(ProviderAccount, SettingsPolicy(ProviderAccount))
register_permission_policy(ChannelSetting, SettingsPolicy(ChannelSetting))

HEAD = "moyens-de-paiement/"
ACCOUNT = f"{HEAD}<int:company>/comptes/<slug:provider>/"
CHANNEL = f"{HEAD}<int:company>/canaux/<slug:channel>/"


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    return [
        path(HEAD, views.FirstCompanyView.as_view(), name="payment_methods_home"),
        path(f"{HEAD}<int:company>/", views.OverviewView.as_view(), name="payment_methods"),
        path(ACCOUNT, views.AccountView.as_view(), name="payment_account"),
        path(f"{ACCOUNT}essayer/", views.TryView.as_view(), name="payment_account_try"),
        path(CHANNEL, views.ChannelView.as_view(), name="payment_channel"),
        path(f"{CHANNEL}monter/", views.MoveView.as_view(by=-1), name="payment_channel_up"),
        path(f"{CHANNEL}descendre/", views.MoveView.as_view(by=1), name="payment_channel_down"),
        path(f"{CHANNEL}proposer/", views.SwitchView.as_view(), name="payment_channel_switch"),
    ]


def _is_shown(request: HttpRequest) -> bool:
    return policy_of(ProviderAccount).user_has_permission(request.user, "change")


menu.add_link(
    menu.SETTINGS,
    _("Moyens de paiement"),
    "payment_methods_home",
    icon="form",
    order=20,
    shown=_is_shown,
)
