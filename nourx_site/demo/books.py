"""The books of the demo: posted, validated until the month before last, with one export."""

from datetime import datetime, timedelta

from django.utils import timezone

from billing.accounting.services import (
    CannotExport,
    ensure_books,
    make_export,
    post_entries,
    validate_entries,
    write_export,
)
from nourx_site.demo.people import World


def make_books(world: World, now: datetime) -> None:
    """Post what the demo did, close its older months, and hand them over once."""
    books = ensure_books(company=world.company)
    books.posts_test_money = True  # what a visitor pays in the sandbox shows
    books.save(update_fields=["posts_test_money"])
    post_entries(company=world.company, at=now)
    today, actor = timezone.localdate(now), world.team["manager"]
    month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    until = month - timedelta(days=1)
    validate_entries(company=world.company, until=until, today=today, actor=actor, at=now)
    try:
        batch = make_export(
            books=books,
            format="sage",
            start=until.replace(month=1, day=1),
            end=until,
            actor=actor,
            at=now,
        )
    except CannotExport:  # in January and February nothing is old enough
        return
    write_export(batch_id=batch.pk)
