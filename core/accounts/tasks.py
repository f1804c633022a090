"""Does what accounts owe."""

from core.accounts import services
from core.outbox.services import handles


@handles(services.PASSWORD_LINK)
def send_password_link(payload: dict) -> None:
    """Send the link that somebody asked for."""
    services.send_password_link(email=payload["email"], key=payload["key"])


@handles(services.LOGIN_CODE)
def send_login_code(payload: dict) -> None:
    """Send the code that somebody asked for."""
    services.send_login_code(
        email=payload["email"], encrypted_code=payload["code"], key=payload["key"]
    )
