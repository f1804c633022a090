"""What the headers of a message say of it: a robot, a bounce, who really sent it, which thread.

Pure: plain values in, plain values out.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import getaddresses, parseaddr

from django.utils.translation import gettext as _

ROBOTS = ("mailer-daemon", "postmaster", "no-reply", "noreply", "ne-pas-repondre", "bounce")
BULK = {"bulk", "junk", "list", "auto_reply", "auto-reply"}
ANSWERED = ("x-autoreply", "x-autorespond", "x-auto-reply", "list-id", "list-unsubscribe")
MESSAGE_ID = re.compile(r"<([^<>\s]+)>")
RECIPIENTS = ("to", "cc", "delivered-to", "x-original-to", "x-forwarded-to", "envelope-to")
PASSES = re.compile(r"\s*(dmarc|spf|dkim)\s*=\s*pass(?=\s|$)(.*)", re.I | re.S)
# What each method proves: a name that the sender chose, such as the left of an address, is none.
ALIGNED = {
    "dmarc": re.compile(r"(?:^|\s)header\.from\s*=\s*(?:[^\s@]*@)?([^\s@]+)(?=\s|$)", re.I),
    "spf": re.compile(r"(?:^|\s)smtp\.mailfrom\s*=\s*(?:[^\s@]*@)?([^\s@]+)(?=\s|$)", re.I),
    "dkim": re.compile(r"(?:^|\s)header\.[di]\s*=\s*(?:[^\s@]*@)?([^\s@]+)(?=\s|$)", re.I),
}
REMARK = re.compile(r"\([^()]*\)")
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
MOST_DEPTH = 5  # remarks in remarks
MOST_OF_REASON = 300


@dataclass(frozen=True)
class Bounce:
    """What a server says of a mail of ours that it did not take."""

    address: str
    message_id: str
    reason: str
    is_final: bool


def sender_of(message: EmailMessage) -> tuple[str, str]:
    """Return the name and the address that a message says it is from; empty when it says none."""
    name, address = parseaddr(header(message, "from"))
    return name[:200], address.lower()[:254] if "@" in address else ""


def recipients_of(message: EmailMessage) -> list[str]:
    """Return every address that a message was sent or delivered to, in small letters."""
    values = [one for name in RECIPIENTS for one in _written(message, name)]
    return list(
        dict.fromkeys(address.lower() for _name, address in getaddresses(values) if address)
    )


def thread_of(message: EmailMessage) -> list[str]:
    """Return the Message-IDs that a message answers, the nearest first."""
    nearest = MESSAGE_ID.findall(header(message, "in-reply-to"))
    return list(
        dict.fromkeys([*nearest, *reversed(MESSAGE_ID.findall(header(message, "references")))])
    )


def robot_reason(message: EmailMessage, ours: Iterable[str]) -> str:
    """Say why a message is not from a person who waits for an answer; empty when it is."""
    _name, address = sender_of(message)
    if address in {one.lower() for one in ours}:
        return _("Envoyé par notre propre adresse : une boucle.")
    if header(message, "auto-submitted").partition(";")[0].strip().lower() not in ("", "no"):
        return _("Réponse automatique (Auto-Submitted).")
    if header(message, "precedence").strip().lower() in BULK:
        return _("Envoi en nombre (Precedence).")
    named = next((name for name in ANSWERED if header(message, name)), "")
    if named:
        return _("Réponse automatique ou liste (%(name)s).") % {"name": named}
    if header(message, "return-path") == "<>":
        return _("Sans adresse de retour.")
    if address.partition("@")[0].startswith(ROBOTS):
        return _("Envoyé par un robot : %(address)s.") % {"address": address}
    return "" if address else _("Sans expéditeur.")


def is_verified(message: EmailMessage, trusted_server: str) -> bool:
    """Tell whether the server we trust says that the address of « From » really wrote.

    Only the topmost header of that very server counts: anybody can write one further down. DMARC
    must pass, or SPF or DKIM for the domain of the address itself.
    """
    _name, address = sender_of(message)
    domain = address.partition("@")[2]
    if not trusted_server or not domain:
        return False
    for value in _written(message, "authentication-results"):
        server, _semicolon, results = value.partition(";")
        if server.split()[:1] != [trusted_server.strip()]:
            return False
        return _passes(results, domain)
    return False


def _passes(results: str, domain: str) -> bool:
    """Read what a server found. Remarks and quoted words are left out: the sender may write them.

    Quoted words that do not end, or braces left alone, prove nothing.
    """
    said = QUOTED.sub("quoted", results)
    for _depth in range(MOST_DEPTH):
        said = REMARK.sub(" ", said)
    if any(sign in said for sign in '"()'):
        return False
    for result in said.split(";"):
        found = PASSES.match(result)
        if found is None:
            continue
        method, facts = found.group(1).lower(), found.group(2)
        named = [one.lower().strip(".") for one in ALIGNED[method].findall(facts)]
        if domain in named or (method == "dmarc" and not named):
            return True
    return False


def bounce_of(message: EmailMessage) -> Bounce | None:
    """Return what a delivery report says (RFC 3464), or None when the message is none."""
    if message.get_content_type() != "multipart/report":
        return None
    if str(message.get_param("report-type", "")).lower() != "delivery-status":
        return None
    address = status = said = action = original = ""
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            for block in part.get_payload():  # type: ignore[union-attr]
                address = _after(block, "final-recipient") or address  # type: ignore[arg-type]
                action = str(block.get("action", "")).lower() or action  # type: ignore[union-attr]
                status = str(block.get("status", "")) or status  # type: ignore[union-attr]
                said = _after(block, "diagnostic-code") or said  # type: ignore[arg-type]
        elif kind in ("message/rfc822", "text/rfc822-headers"):
            original = _original_id(part) or original  # type: ignore[arg-type]
    if not action:
        return None
    is_final = action == "failed" and not status.startswith("4")
    reason = _plain(f"{status} {said}")[:MOST_OF_REASON]
    return Bounce(_plain(address).lower()[:254], _plain(original), reason, is_final)


def _after(block: EmailMessage, name: str) -> str:
    """Return what follows the kind of a field, such as the address of « rfc822; a@b.ci »."""
    value = str(block.get(name, ""))
    return " ".join(value.partition(";")[2].split()).strip("<>") if value else ""


def _original_id(part: EmailMessage) -> str:
    payload = part.get_payload()
    text = payload if isinstance(payload, str) else payload[0].as_string()  # type: ignore[index,union-attr]
    head = re.search(r"(?im)^message-id:\s*<([^<>\s]+)>", text)
    return head.group(1) if head else ""


def header(message: EmailMessage, name: str) -> str:
    """Return a header as text that a database takes, whatever it holds."""
    try:
        value = str(message.get(name, ""))
    except (ValueError, LookupError, AttributeError, TypeError):  # it cannot be taken apart
        value = next(iter(_written(message, name)), "")
    return _plain(value)


def _written(message: EmailMessage, name: str) -> list[str]:
    """Return every header of a name as it is written, not taken apart."""
    return [_plain(str(raw)) for key, raw in message.raw_items() if key.lower() == name]


def _plain(text: str) -> str:
    kept = " ".join(text.replace("\x00", "").split())
    return kept.encode("utf-8", errors="replace").decode("utf-8")
