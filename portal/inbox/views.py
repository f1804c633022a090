"""What a mail provider calls: a message as it came, signed with the secret of its mailbox.

POST /courrier/<mailbox>/    the body is the message itself (RFC 822)
X-Nourx-Timestamp: 1763719200
X-Nourx-Signature: hex of HMAC-SHA256(secret, timestamp + "." + body)
"""

import hashlib
import hmac
import re
import time
from uuid import UUID

from cryptography.fernet import InvalidToken
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from core.accounts.secrets import decrypt_text
from core.throttle import address_of, is_too_often
from portal.inbox.models import Mailbox
from portal.inbox.receiving import MOST_BYTES, receive

SECONDS_OF_GRACE = 300
MOST_A_MINUTE = 120
STAMP = re.compile("[0-9]{1,12}")


@method_decorator(csrf_exempt, name="dispatch")
class IncomingView(View):
    """Keeps a message that a provider brings. What it says is treated later."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, mailbox: UUID) -> HttpResponse:
        if is_too_often(f"inbox-call:{address_of(request)}", most=MOST_A_MINUTE, seconds=60):
            return _answer(429)
        body = request.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            return _answer(413)
        box = Mailbox.objects.filter(uuid=mailbox, kind=Mailbox.Kind.WEBHOOK, is_on=True).first()
        if box is None or not is_signed(box, request, body):
            return _answer(403)
        if not body.strip():
            return _answer(400)
        receive(mailbox=box, raw=body, at=timezone.now())
        return _answer(200)


def is_signed(mailbox: Mailbox, request: HttpRequest, body: bytes) -> bool:
    """Tell whether a call is signed with the secret of a mailbox, less than five minutes ago."""
    stamp = request.headers.get("X-Nourx-Timestamp", "")
    if not STAMP.fullmatch(stamp) or abs(time.time() - int(stamp)) > SECONDS_OF_GRACE:
        return False
    try:
        secret = decrypt_text(mailbox.sealed)
    except InvalidToken:
        return False
    return constant_time_compare(
        signature(secret, stamp, body), request.headers.get("X-Nourx-Signature", "")
    )


def signature(secret: str, stamp: str, body: bytes) -> str:
    """Return the signature of a message at a moment, in hexadecimal."""
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _answer(status: int) -> HttpResponse:
    return HttpResponse(b"", content_type="text/plain", status=status)
