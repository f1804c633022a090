"""Addresses of providers: which hosts are theirs, and where a payer may be sent."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

from django.utils.translation import gettext as _

from .http import LOOPBACK

BACK = "transaction_id"  # what the address of return calls our reference


def is_host_of(host: str | None, domains: Sequence[str]) -> bool:
    """Tell whether a host is one of the domains or lies below one."""
    return host is not None and any(
        host == domain or host.endswith(f".{domain}") for domain in domains
    )


def is_own(url: str, domains: Sequence[str]) -> bool:
    """Tell whether an address is the provider's own, over https."""
    parts = _split(url)
    return parts.scheme == "https" and is_host_of(parts.hostname, domains)


def is_safe_page(url: str, *, base_url: str, domains: Sequence[str]) -> bool:
    """Tell whether a payer may be sent there: the provider's own pages, or a sandbox's origin."""
    page, base = _split(url), _split(base_url)
    if not page.hostname or page.username is not None or "\\" in url:
        return False
    if is_own(base_url, domains):
        return page.scheme == "https" and is_host_of(page.hostname, domains)
    return (page.scheme, page.netloc) == (base.scheme, base.netloc)


def with_reference(url: str, reference: str) -> str:
    """Return an address of return that names our reference."""
    parts = urlsplit(url)
    query = [*parse_qsl(parts.query), (BACK, reference)]
    return urlunsplit(parts._replace(query=urlencode(query)))


def find_address_problems(base_url: str, *, provider: str, variable: str) -> list[str]:
    """Return what is wrong with the address of an API, one French sentence each."""
    parts = _split(base_url)
    facts = {"provider": provider, "variable": variable}
    if not parts.hostname or parts.scheme not in {"http", "https"}:
        return [_("L’adresse de %(provider)s n’est pas une adresse web (%(variable)s).") % facts]
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        return [_("L’adresse de %(provider)s doit commencer par https (%(variable)s).") % facts]
    return []


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")
