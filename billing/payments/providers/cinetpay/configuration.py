"""Whether CinetPay's keys and addresses look right, and which hosts are trusted."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from ..http import LOOPBACK


def is_cinetpay_host(host: str | None) -> bool:
    """Tell whether a host is CinetPay's own."""
    return host is not None and (host == "cinetpay.com" or host.endswith(".cinetpay.com"))


def is_payment_page(url: str, base_url: str) -> bool:
    """Tell whether a payer may be sent there: CinetPay over https, or the sandbox's origin."""
    try:
        page, base = urlsplit(url), urlsplit(base_url)
        page_origin, base_origin = (page.scheme, page.netloc), (base.scheme, base.netloc)
    except ValueError:
        return False
    if page.username is not None or "\\" in url:
        return False
    if is_cinetpay_host(base.hostname):
        return page.scheme == "https" and is_cinetpay_host(page.hostname)
    return page_origin == base_origin


def find_problems(
    *, apikey: str, site_id: str, secret_key: str, base_url: str, hmac_mode: str
) -> list[str]:
    """Return what is missing or odd in the settings, one French sentence each."""
    problems = []
    if not apikey:
        problems.append(_("La clé API de CinetPay manque (CINETPAY_APIKEY)."))
    if not (site_id.isascii() and site_id.isdigit()):
        problems.append(_("L’identifiant de site CinetPay doit être un nombre (CINETPAY_SITE_ID)."))
    if not secret_key:
        problems.append(
            _(
                "La clé secrète de CinetPay manque (CINETPAY_SECRET_KEY) : "
                "toutes ses notifications seront refusées."
            )
        )
    if hmac_mode not in {"strict", "observe"}:
        problems.append(_("CINETPAY_HMAC_MODE vaut strict ou observe."))
    return problems + _find_address_problems(base_url)


def _find_address_problems(base_url: str) -> list[str]:
    try:
        parts = urlsplit(base_url)
    except ValueError:
        parts = urlsplit("")
    if not parts.hostname or parts.scheme not in {"http", "https"}:
        return [_("L’adresse de CinetPay n’est pas une adresse web (CINETPAY_BASE_URL).")]
    problems = []
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        problems.append(_("L’adresse de CinetPay doit commencer par https (CINETPAY_BASE_URL)."))
    if parts.path.strip("/") or parts.query:
        problems.append(
            _("L’adresse de CinetPay s’arrête au nom du serveur, sans /v2 (CINETPAY_BASE_URL).")
        )
    return problems
