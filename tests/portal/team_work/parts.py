"""What tests of the team’s work ask again and again."""

from datetime import date, datetime

from django.utils import timezone

from core import rls
from core.notify.models import TeamNotice

MONDAY = date(2026, 11, 23)
AT = timezone.make_aware(datetime(2026, 11, 23, 9, 0))


def told(person):
    with rls.staff("test"):
        return list(
            TeamNotice.objects.filter(user=person).order_by("pk").values_list("event", flat=True)
        )


def now_of(row):
    return type(row)._base_manager.get(pk=row.pk)
