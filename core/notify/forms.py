"""What a person wants to be told of, where and when; and a browser that asks to be told."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.notify.events import Event, events_by_group
from core.notify.models import DeliveryWishes, NotificationPreference
from core.notify.wishes import switched_off, timing_of

Channel = NotificationPreference.Channel


@dataclass(frozen=True)
class Choice:
    """One box of the table: a field, or None where nothing can be chosen."""

    label: Any
    field: Any = None
    always: bool = False


@dataclass(frozen=True)
class Row:
    """One event of the table with its boxes."""

    event: Event
    choices: list[Choice]


class WishesForm(forms.Form):
    """The table of events and channels, the pace of mail, the quiet hours."""

    frequency = forms.ChoiceField(
        label=_("Rythme des e-mails"),
        choices=DeliveryWishes.Frequency.choices,
        widget=forms.RadioSelect,
    )
    quiet_from = forms.TimeField(
        label=_("De"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    quiet_to = forms.TimeField(
        label=_("À"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    quiet_weekends = forms.BooleanField(label=_("Le samedi et le dimanche aussi"), required=False)

    def __init__(self, *args: Any, user: Any, with_push: bool, **kwargs: Any):
        self.groups = events_by_group(user)
        self.channels = [Channel.PORTAL, Channel.EMAIL, *([Channel.PUSH] if with_push else [])]
        timing = timing_of(user)
        kwargs["initial"] = {name: getattr(timing, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        off = switched_off(user)
        for event, channel in self._offered():
            self.fields[self._name(event, channel)] = forms.BooleanField(
                label=channel.label,
                required=False,
                initial=(event.name, channel) not in off,
            )

    def clean(self) -> dict[str, Any]:
        """Refuse half a quiet time, and one without length."""
        values = super().clean() or {}
        if {"quiet_from", "quiet_to"} & set(self.errors):
            return values
        start, end = values.get("quiet_from"), values.get("quiet_to")
        if (start is None) != (end is None):
            missing = "quiet_to" if end is None else "quiet_from"
            self.add_error(missing, _("Donnez le début et la fin, ou aucun des deux."))
        elif start is not None and start == end:
            self.add_error("quiet_to", _("La fin doit être une autre heure que le début."))
        return values

    def channels_chosen(self) -> dict[tuple[str, str], bool]:
        """Return each (event, channel) that was offered, with the answer."""
        return {
            (event.name, channel.value): self.cleaned_data[self._name(event, channel)]
            for event, channel in self._offered()
        }

    def table(self) -> list[tuple[str, list[Row]]]:
        """Return the rows to draw, by the label of their group."""
        return [
            (group, [self._row(event) for event in found]) for group, found in self.groups.items()
        ]

    def _row(self, event: Event) -> Row:
        return Row(event, [self._choice(event, channel) for channel in self.channels])

    def _choice(self, event: Event, channel: Channel) -> Choice:
        name = self._name(event, channel)
        if name in self.fields:
            return Choice(channel.label, self[name])
        return Choice(channel.label, always=channel == Channel.EMAIL and event.kept)

    def _offered(self) -> Iterator[tuple[Event, Channel]]:
        for event in [event for found in self.groups.values() for event in found]:
            for channel in self.channels:
                if channel != Channel.EMAIL or (event.mails and not event.kept):
                    yield event, channel

    def _name(self, event: Event, channel: Channel) -> str:
        return f"{channel.value}-{event.name}"


class DeviceForm(forms.Form):
    """What a browser says of itself when it asks to be told."""

    endpoint = forms.CharField(max_length=1000)
    p256dh = forms.CharField(max_length=100)
    auth = forms.CharField(max_length=40)
    device = forms.CharField(max_length=100, required=False)
