"""The `x-token` of CinetPay's notifications: a MAC over sixteen form values.

The values are glued together without separator or date, so a genuine pair can be
replayed and its field borders moved. The MAC therefore proves only that somebody holding
the secret once wrote these characters: a reason to go and ask, never a reason to credit.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qsl

SIGNED_FIELDS = (
    "cpm_site_id",
    "cpm_trans_id",
    "cpm_trans_date",
    "cpm_amount",
    "cpm_currency",
    "signature",
    "payment_method",
    "cel_phone_num",
    "cpm_phone_prefixe",
    "cpm_language",
    "cpm_version",
    "cpm_payment_config",
    "cpm_page_action",
    "cpm_custom",
    "cpm_designation",
    "cpm_error_message",
)

CANONICAL = "canonical"
MAX_FIELDS = 64
TOKEN = re.compile(r"[0-9a-f]{64}")

Fields = dict[str, bytes]


class UnreadableForm(ValueError):
    """The body is not a form, or has far more fields than a notification."""


def read_form(body: bytes, content_type: str) -> Fields:
    """Return the form's fields as the bytes that were signed; of a repeated key, the last.

    Latin-1 maps each byte to one character and back, so nothing is lost or replaced
    whatever the sender's encoding, and accents survive `parse_qsl`.

    :raises UnreadableForm: another content type, or too many fields.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return _read_multipart(body, content_type)
    if kind != "application/x-www-form-urlencoded":
        raise UnreadableForm(kind)
    try:
        pairs = parse_qsl(
            body.decode("latin-1"),
            keep_blank_values=True,
            encoding="latin-1",
            max_num_fields=MAX_FIELDS,
        )
    except ValueError as error:
        raise UnreadableForm("too many fields") from error
    return {name: value.encode("latin-1") for name, value in pairs}


def _read_multipart(body: bytes, content_type: str) -> Fields:
    head = b"Content-Type: " + content_type.encode("latin-1", "replace") + b"\r\n\r\n"
    form = BytesParser(policy=HTTP).parsebytes(head + body)
    parts = form.get_payload()
    if not isinstance(parts, list) or len(parts) > MAX_FIELDS:
        raise UnreadableForm("multipart")
    return dict(_read_part(part) for part in parts if isinstance(part, Message))


def _read_part(part: Message) -> tuple[str, bytes]:
    name = part.get_param("name", "", header="content-disposition")
    value = part.get_payload(decode=True)
    return str(name), value if isinstance(value, bytes) else b""


def sign(fields: Mapping[str, bytes], secret: str) -> str:
    """Return the `x-token` of a notification; a missing field counts as empty text."""
    return _mac(secret, (fields.get(name, b"") for name in SIGNED_FIELDS))


def is_genuine(fields: Mapping[str, bytes], token: str, secret: str) -> bool:
    """Tell whether a token is the right one, in constant time and in lower case only."""
    return bool(secret and TOKEN.fullmatch(token)) and hmac.compare_digest(
        sign(fields, secret), token
    )


def recognise_variant(fields: Mapping[str, bytes], token: str, secret: str) -> str:
    """Name the known other reading of the documentation that gives this token, or "".

    Only looked at while a new account is observed, to learn what the provider really does.
    """
    if not secret or not TOKEN.fullmatch(token):
        return ""
    readings: dict[str, Iterable[bytes]] = {
        "arrival-order": fields.values(),
        "fourteen-fields": (fields.get(name, b"") for name in SIGNED_FIELDS[:14]),
        "none-text": (fields.get(name) or b"None" for name in SIGNED_FIELDS),
    }
    for name, values in readings.items():
        if hmac.compare_digest(_mac(secret, values), token):
            return name
    return ""


def _mac(secret: str, values: Iterable[bytes]) -> str:
    return hmac.new(secret.encode(), b"".join(values), hashlib.sha256).hexdigest()
