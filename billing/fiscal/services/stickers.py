"""The stock of stickers: each certified paper takes one, and they are paid in advance."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from billing.fiscal.models import Certification, FiscalSettings
from core.accounts.models import User
from core.notify.team import tell_team


def note_balance(row: Certification, balance: int) -> None:
    """Keep the stock that an answer told, and tell the owners once when it falls too low."""
    chosen = FiscalSettings.objects.select_for_update().filter(
        company_id=row.invoice.company_id
    ).first()  # fmt: skip
    if chosen is None:
        return
    chosen.sticker_balance = balance
    is_short = chosen.is_short_of_stickers
    is_news = is_short and not chosen.sticker_told
    chosen.sticker_told = is_short
    chosen.save(update_fields=["sticker_balance", "sticker_told", "updated_at"])
    if is_news:
        _tell_owners(row, chosen)


def _tell_owners(row: Certification, chosen: FiscalSettings) -> None:
    owners = User.objects.filter(is_superuser=True, is_active=True)
    tell_team(
        "fiscal_stickers",
        client_id=row.client_id,
        text=_("Il reste %(count)s stickers FNE : achetez-en avant que les factures attendent.")
        % {"count": chosen.sticker_balance},
        url=reverse("wagtailsnippets_fiscal_fiscalsettings:list"),
        key=f"{chosen.pk}:{row.pk}:{row.rank}",
        to=sorted(owners.values_list("email", flat=True)),
    )
