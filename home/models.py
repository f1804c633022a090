"""The public site: its home page and plain pages."""

from typing import Any

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from core.accounts.models import Company

LONGEST_DESCRIPTION = 155  # what search engines show


class Shared:
    """What a public page says of itself to search engines and messengers."""

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)  # type: ignore[misc]
        return context | {"page_url": public_url(self), "description": self.description}

    @property
    def description(self) -> str:
        """Return what the editor wrote for search engines, else the beginning of the text."""
        text = self.search_description or self.opening  # type: ignore[attr-defined]
        plain = " ".join(strip_tags(text.replace("</", " </")).split())
        return Truncator(plain).chars(LONGEST_DESCRIPTION, truncate="…")


class HomePage(Shared, Page):
    """The first page of the site: who we are, and the way to the client's area."""

    intro = RichTextField(_("accroche"), blank=True, features=["bold", "italic", "link"])
    body = RichTextField(
        _("texte"), blank=True, features=["h2", "h3", "bold", "italic", "ol", "ul", "link"]
    )

    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("body")]
    max_count = 1
    template = "home/home_page.html"

    class Meta:
        verbose_name = _("page d’accueil")
        verbose_name_plural = _("pages d’accueil")

    @property
    def opening(self) -> str:
        """Return the text its description is taken from when nobody wrote one."""
        return self.intro


class StandardPage(Shared, Page):
    """A plain page: privacy, legal notice, terms. Those in the menus stand in the footer."""

    body = RichTextField(
        _("texte"), features=["h2", "h3", "bold", "italic", "ol", "ul", "link", "hr"]
    )
    in_force_on = models.DateField(
        _("en vigueur depuis le"),
        null=True,
        blank=True,
        help_text=_("La date de cette version, montrée sous le titre."),
    )
    names_the_company = models.BooleanField(
        _("présenter la société"),
        default=False,
        help_text=_("Ajoute la raison sociale, le RCCM, le NCC et l’adresse de la fiche Société."),
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("in_force_on"),
        FieldPanel("body"),
        FieldPanel("names_the_company"),
    ]
    subpage_types: list[str] = []
    template = "home/standard_page.html"

    class Meta:
        verbose_name = _("page simple")
        verbose_name_plural = _("pages simples")

    @property
    def opening(self) -> str:
        """Return the text its description is taken from when nobody wrote one."""
        return self.body

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        if self.names_the_company:
            context["company"] = Company.objects.order_by("pk").first()
        return context


def public_url(page: Any) -> str:
    """Return the address of a page as the outside world knows it, whatever host asked."""
    _site, _root, path = page.get_url_parts()
    return settings.BASE_URL + path
