"""Links that stop one kind of mail: signed, so that they say who and what, and nothing else."""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

SALT = "core.notify.unsubscribe"


class WrongLink(Exception):
    """The link was not made here, or not whole."""


def stop_url(user_id: int, event: str) -> str:
    """Return the whole address that stops the mail of an event for a person."""
    token = Signer(salt=SALT).sign_object([user_id, event], compress=False)
    return settings.BASE_URL + reverse("stop_mail", args=[token])


def read_token(token: str) -> tuple[int, str]:
    """Return the id of a person and the name of an event.

    :raises WrongLink: if the token is not ours.
    """
    try:
        user_id, event = Signer(salt=SALT).unsign_object(token)
    except (BadSignature, ValueError, TypeError) as error:
        raise WrongLink(token) from error
    return int(user_id), str(event)
