"""The tax office of each of our companies, from its settings. Off until the owner says so."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.utils.translation import gettext as _

from billing.fiscal.models import FiscalSettings
from billing.fiscal.providers.base import FiscalProvider, NotSent
from billing.fiscal.providers.fne import FneProvider
from billing.fiscal.providers.fne.transport import LOOPBACK
from core.accounts.secrets import decrypt_text


def find_settings(company_id: int) -> FiscalSettings | None:
    """Return the settings of a company that certifies its papers, or None."""
    rows = FiscalSettings.objects.filter(company_id=company_id)
    return rows.exclude(driver=FiscalSettings.Driver.NONE).first()


def provider_of(chosen: FiscalSettings) -> FiscalProvider:
    """Return the provider that settings describe.

    :raises NotSent: if something is missing or wrong in them.
    """
    if problems := find_problems(chosen):
        raise NotSent(problems[0], alert=True)
    return FneProvider(
        base_url=_url(chosen),
        key=_key(chosen),
        point_of_sale=chosen.point_of_sale,
        establishment=chosen.establishment,
        message=chosen.commercial_message,
    )


def find_problems(chosen: FiscalSettings) -> list[str]:
    """Return what keeps papers from being certified, one French sentence each."""
    if chosen.driver == FiscalSettings.Driver.NONE:
        return [_("La certification est désactivée.")]
    problems = []
    if not _url(chosen):
        problems.append(_("L’adresse de l’API manque : celle de la DGI, ou FNE_BASE_URL."))
    elif _is_imitation(_url(chosen)) and not settings.PAYMENTS_ALLOW_SANDBOX:
        problems.append(_("L’adresse mène à une imitation de la FNE, interdite ici."))
    if not _key(chosen):
        problems.append(_("La clé d’API manque ou ne se lit plus : saisissez-la de nouveau."))
    if not chosen.point_of_sale:
        problems.append(_("Le point de vente manque."))
    if not chosen.establishment:
        problems.append(_("L’établissement manque."))
    return problems


def _is_imitation(url: str) -> bool:
    """Tell whether an address stays within our own machines: the tax office is elsewhere."""
    host = urlsplit(url).hostname or ""
    if host in LOOPBACK or host.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        return not ip_address(host).is_global
    except ValueError:
        return False


def _url(chosen: FiscalSettings) -> str:
    return (chosen.base_url or settings.FNE_BASE_URL).strip().rstrip("/")


def _key(chosen: FiscalSettings) -> str:
    if not chosen.key_encrypted:
        return str(settings.FNE_API_KEY)
    try:
        return decrypt_text(chosen.key_encrypted)
    except InvalidToken:
        return ""
