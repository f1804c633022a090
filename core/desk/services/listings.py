"""How somebody wants listings: which columns, in which order, how high the rows."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from core.desk.models import DeskWishes, ListingChoice
from core.desk.reading import forget_desk


@transaction.atomic
def arrange_columns(
    *, user: Any, listing: str, order: Sequence[str], hidden: Sequence[str]
) -> None:
    """Keep the columns of a listing as a person wants them, by name."""
    ListingChoice.objects.update_or_create(
        user=user, listing=listing, defaults={"order": list(order), "hidden": sorted(hidden)}
    )
    forget_desk(user)


@transaction.atomic
def reset_columns(*, user: Any, listing: str) -> None:
    """Give a person back the columns that the listing has by itself."""
    ListingChoice.objects.filter(user=user, listing=listing).update(order=[], hidden=[])
    forget_desk(user)


@transaction.atomic
def set_row_height(*, user: Any, is_roomy: bool) -> None:
    """Draw the rows of every listing high or dense for a person."""
    DeskWishes.objects.update_or_create(user=user, defaults={"is_roomy": is_roomy})
    forget_desk(user)
