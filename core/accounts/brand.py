"""The agency's name, logo and colour on every page, from its company row."""

import hashlib
from typing import Any

from django.core.cache import cache
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.cache import cache_control
from wagtail import hooks

from core.accounts.models import Company
from core.hooks import Brand
from core.ui.branding import accent_tokens, admin_stylesheet, stylesheet

CACHE_KEY = "brand"
DEFAULT_ACCENT = "#1d3fff"
LOGO = "max-400x56|format-png"


def brand_facts() -> dict[str, Any]:
    """Return name, logo address and stylesheet of the agency; read once, then kept in Redis."""
    found = cache.get(CACHE_KEY)
    if found is None:
        found = _read()
        cache.set(CACHE_KEY, found, 3600)
    return found


def _read() -> dict[str, Any]:
    company = Company.objects.select_related("logo", "logo_dark").order_by("pk").first()
    if company is None:
        return {"name": "NOURX", "accent": DEFAULT_ACCENT}
    found: dict[str, Any] = {"name": company.name, "accent": company.accent_color}
    if company.logo is not None:
        found["logo_url"] = company.logo.get_rendition(LOGO).url
    if company.logo_dark is not None:
        found["logo_dark_url"] = company.logo_dark.get_rendition(LOGO).url
    if company.accent_color.lower() != DEFAULT_ACCENT:
        digest = hashlib.sha256(company.accent_color.encode()).hexdigest()[:8]
        found["stylesheet_url"] = f"{reverse('brand_stylesheet')}?v={digest}"
    return found


@receiver(post_save, sender=Company, dispatch_uid="nourx-brand")
def forget_brand(**_: Any) -> None:
    """Read the brand again after the company changed."""
    cache.delete(CACHE_KEY)


@hooks.register("nourx_brand")
def brand_of_pages(request: HttpRequest | None) -> list[Brand]:
    """Give pages and mails the agency's brand."""
    found = brand_facts()
    return [
        Brand(
            name=found["name"],
            logo_url=found.get("logo_url", ""),
            logo_dark_url=found.get("logo_dark_url", ""),
            stylesheet_url=found.get("stylesheet_url", ""),
            accent=found["accent"],
        )
    ]


@cache_control(public=True, max_age=31_536_000, immutable=True)
def brand_stylesheet(request: HttpRequest) -> HttpResponse:
    """Give the agency's accent as design tokens, made readable on light and dark."""
    tokens = accent_tokens(brand_facts()["accent"])
    return HttpResponse(stylesheet(tokens), content_type="text/css; charset=utf-8")


@cache_control(public=True, max_age=31_536_000, immutable=True)
def brand_admin_stylesheet(request: HttpRequest) -> HttpResponse:
    """Give the agency's accent as properties of the back-office, made readable on both themes."""
    tokens = accent_tokens(brand_facts()["accent"])
    return HttpResponse(admin_stylesheet(tokens), content_type="text/css; charset=utf-8")


@hooks.register("insert_global_admin_css", order=100)
def admin_accent() -> str:
    """Put the accent over the theme of the back-office, when it is not ours."""
    accent = brand_facts()["accent"].lower()
    if accent == DEFAULT_ACCENT:
        return ""
    digest = hashlib.sha256(accent.encode()).hexdigest()[:8]
    url = f"{reverse('brand_admin_stylesheet')}?v={digest}"
    return format_html('<link rel="stylesheet" href="{}">', url)
