"""Reports errors to Sentry when the settings name a project: no body, no variable, no secret."""

from typing import Any

import sentry_sdk
from django.conf import settings

from core.audit.log_filter import masked


def start() -> None:
    """Report what breaks in this process, web or worker; without `SENTRY_DSN`, nothing leaves."""
    if settings.SENTRY_DSN:
        sentry_sdk.init(
            dsn=settings.SENTRY_DSN,
            send_default_pii=False,
            include_local_variables=False,
            max_request_body_size="never",
            before_send=without_secrets,
        )


def without_secrets(event: Any, hint: Any = None) -> Any:
    """Mask secrets, signed links and phone numbers in every text of a report."""
    if isinstance(event, str):
        return masked(event)
    if isinstance(event, dict):
        return {name: without_secrets(value) for name, value in event.items()}
    if isinstance(event, list | tuple):
        return [without_secrets(value) for value in event]
    return event
