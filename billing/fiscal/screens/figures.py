"""What the team's home page says of certification."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from billing.fiscal.models import Certification, FiscalSettings
from core.hooks import TeamFigure


@hooks.register("nourx_team_figures")
def fiscal_figures(request: HttpRequest) -> Iterator[TeamFigure]:
    """Tell what waits for a person, and whether stickers run out; nothing when all is well."""
    if not request.user.has_perm("fiscal.view_certification"):
        return
    url = reverse("wagtailsnippets_fiscal_certification:list")
    words = (
        (Certification.State.UNCERTAIN, _("Certifications à vérifier"), "bad", 4),
        (Certification.State.REJECTED, _("Factures refusées par la DGI"), "warn", 7),
    )
    for state, label, tone, order in words:
        rows = Certification.objects.filter(state=state)
        yield TeamFigure(
            group="facturation",
            label=label,
            value=rows,
            url=f"{url}?state={state}",
            order=order,
            tone=tone,
        )
    for chosen in FiscalSettings.objects.exclude(driver=FiscalSettings.Driver.NONE):
        if chosen.is_short_of_stickers:
            yield TeamFigure(
                group="facturation",
                label=_("Stickers FNE restants"),
                value=chosen.sticker_balance,
                url=url,
                order=8,
                tone="warn",
                hint=_("Achetez-en sur le portail de la DGI."),
            )
