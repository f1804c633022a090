"""When mail may leave: quiet hours, quiet weekends, and the hour of digests. Local times."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from core.notify.models import DeliveryWishes

MORNING = time(8)
MONDAY, SATURDAY = 0, 5


def leaves_at(wishes: DeliveryWishes | None, at: datetime) -> datetime:
    """Return when something that happens at a moment may disturb a person: then, or later."""
    if wishes is None:
        return at
    while (end := _end_of_quiet(wishes, timezone.localtime(at))) is not None:
        at = end
    return at


def digest_at(wishes: DeliveryWishes, at: datetime) -> datetime:
    """Return when the next digest of a person leaves: the morning after, or Monday’s."""
    here = timezone.localtime(at)
    day = here.date() + timedelta(days=0 if here.time() < MORNING else 1)
    if wishes.frequency == DeliveryWishes.Frequency.WEEKLY:
        day += timedelta(days=(MONDAY - day.weekday()) % 7)
    return leaves_at(wishes, _at(day, MORNING))


def _end_of_quiet(wishes: DeliveryWishes, here: datetime) -> datetime | None:
    """Return the end of the quiet time a local moment falls in, or None."""
    if wishes.quiet_weekends and here.weekday() >= SATURDAY:
        monday = here.date() + timedelta(days=7 - here.weekday())
        return _at(monday, wishes.quiet_to or MORNING)
    start, end = wishes.quiet_from, wishes.quiet_to
    if start is None or end is None:
        return None
    now, day = here.time(), here.date()
    if start <= end:
        return _at(day, end) if start <= now < end else None
    if now >= start:
        return _at(day + timedelta(days=1), end)
    return _at(day, end) if now < end else None


def _at(day: date, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))
