"""The ways a message may leave: each writes what it owes in the transaction of the act."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from core.notify.mail import owe_mail
from core.notify.models import OutgoingText
from core.notify.sms_sending import owe_text

EMAIL = "email"
SMS = OutgoingText.Channel.SMS.value
WHATSAPP = OutgoingText.Channel.WHATSAPP.value


@dataclass(frozen=True)
class Message:
    """What is said to a client, by whichever way: a mail's template and words, or a short text."""

    key: str
    client_id: int | None
    to: Sequence[str]  # addresses, or one telephone number
    text: str = ""
    template: str = ""
    context: dict[str, Any] = field(default_factory=dict)
    attachment_ids: Sequence[int] = ()


class Channel(Protocol):
    """A way for a message to leave."""

    def owe(self, message: Message) -> bool:
        """Owe a message once by its key; tell whether it was owed now."""


class Email:
    """Our mail: `template` and `context`, to every address at once."""

    def owe(self, message: Message) -> bool:
        mail = owe_mail(
            message.template,
            key=message.key,
            to=list(message.to),
            client_id=message.client_id,
            attachment_ids=list(message.attachment_ids),
            context=message.context,
        )
        return mail is not None


@dataclass(frozen=True)
class ShortText:
    """A short text to each number: sent by a gateway, or by a person."""

    name: str

    def owe(self, message: Message) -> bool:
        owed = [
            owe_text(
                channel=self.name,
                key=f"{message.key}:{self.name}" + (f":{rank}" if rank else ""),
                phone=phone,
                text=message.text,
                client_id=message.client_id,
            )
            for rank, phone in enumerate(message.to)
        ]
        return any(owed)


CHANNELS: dict[str, Channel] = {EMAIL: Email(), SMS: ShortText(SMS), WHATSAPP: ShortText(WHATSAPP)}
