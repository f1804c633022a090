"""The devices of a person which are told: added and taken away."""

from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction

from core.audit.log import record
from core.notify.models import PushSubscription
from core.notify.push import ForbiddenEndpoint, check_endpoint, from_base64

MOST_DEVICES = 10
SECRET_BYTES = 16


class WrongKeys(Exception):
    """The keys of a browser are not keys."""


@transaction.atomic
def add_device(
    *, user: Any, endpoint: str, p256dh: str, auth: str, device: str
) -> PushSubscription:
    """Remember a browser that asked to be told. The same browser changes hands with its session.

    Beyond ten, the oldest device of the person is forgotten.

    :raises ForbiddenEndpoint: if its address is none of a push service that we know.
    :raises WrongKeys: if its keys cannot be used.
    """
    check_endpoint(endpoint)
    if len(endpoint) > 1000:
        raise ForbiddenEndpoint(endpoint[:100])
    _check_keys(p256dh, auth)
    found, is_new = PushSubscription.objects.update_or_create(
        endpoint=endpoint,
        defaults={"user": user, "p256dh": p256dh, "auth": auth, "device": device[:100]},
    )
    if is_new:
        record("push_device_added", found, actor=user, device=found.device)
    old = PushSubscription.objects.filter(user=user).order_by("-created_at", "-pk")
    PushSubscription.objects.filter(pk__in=[row.pk for row in old[MOST_DEVICES:]]).delete()
    return found


@transaction.atomic
def remove_device(*, device: PushSubscription, actor: Any) -> None:
    """Tell a device nothing more."""
    record("push_device_removed", device, actor=actor, device=device.device)
    device.delete()


def _check_keys(p256dh: str, auth: str) -> None:
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), from_base64(p256dh))
        is_whole = len(from_base64(auth)) == SECRET_BYTES and len(p256dh) <= 100
    except ValueError as error:
        raise WrongKeys from error
    if not is_whole:
        raise WrongKeys
