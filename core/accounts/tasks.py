"""Does what accounts owe."""

from core.accounts import services
from core.outbox.services import handles


@handles(services.PASSWORD_LINK)
def send_password_link(payload: dict) -> None:
    """Send the link that somebody asked for."""
    services.send_password_link(email=payload["email"], key=payload["key"])
