"""Does what accounts owe."""

from celery import shared_task
from django.utils import timezone

from core import rls
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


@handles(services.DATA_EXPORT, is_patient=True)
def make_data_export(payload: dict) -> None:
    """Make the copy of their data that a person asked for."""
    services.make_export(export_id=payload["export_id"], at=timezone.now())


@handles("analytics")
def send_act(payload: dict) -> None:
    """Count one act in PostHog."""
    services.send_act(**payload)


@shared_task
def remove_old_exports() -> None:
    """Remove the copies whose days are over."""
    services.remove_old_exports(at=timezone.now())


@shared_task
def measure_health() -> None:
    """Measure how things go with every client, once a night."""
    with rls.staff("accounts: the health of every client"):
        services.measure_health(on=timezone.localdate(), at=timezone.now())


@shared_task
def forget_old_sign_ins() -> None:
    """Remove the sign-ins whose thirteen months are over."""
    services.forget_old_sign_ins(at=timezone.now())
