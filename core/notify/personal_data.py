"""What notices hold on a person: what they were told, how they wish to be told."""

from collections.abc import Iterator
from typing import Any

from wagtail import hooks

from core.hooks import PersonalData
from core.notify.models import Notification, NotificationPreference, PushSubscription


@hooks.register("nourx_personal_data")
def data_of_notices(person: Any) -> Iterator[PersonalData]:
    notices = Notification.objects.filter(user=person).order_by("pk")
    yield PersonalData("notifications", list(notices.values("text", "created_at", "read_at")))
    wishes = NotificationPreference.objects.filter(user=person).order_by("pk")
    yield PersonalData("choix-de-notifications", list(wishes.values("event", "channel", "is_on")))
    devices = PushSubscription.objects.filter(user=person).order_by("pk")
    yield PersonalData("appareils-notifies", list(devices.values("device", "created_at")))
