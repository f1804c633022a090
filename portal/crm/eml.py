"""Reading an e-mail as mail programs save it (.eml), or its source as somebody pastes it.

Pure: bytes in, plain values out. Whatever is in it is data: nothing is fetched, nothing runs.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from html import unescape

MOST_BYTES = 30_000_000
MOST_ATTACHMENTS = 20
MOST_BOUNDARIES = 200  # parts within parts: each line is compared with the boundary of each
LONGEST_BODY = 50_000
LONGEST_HEAD = 300
SOURCE = re.compile(r"\A(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\n(?:[ \t][^\n]*\n)*){2,}\s*\n", re.M)
HEADERS = {"from", "subject", "date", "message-id", "to"}
BREAKS = re.compile(r"(?i)<br\s*/?>|</(?:p|div|tr|li|h[1-6])>")
UNSEEN = re.compile(r"(?i)<(?:(script|style|head)\b|!--)")
ENDINGS = {
    "": re.compile("-->"),
    "script": re.compile("(?i)</script>"),
    "style": re.compile("(?i)</style>"),
    "head": re.compile("(?i)</head>"),
}
TAGS = re.compile(r"<[^<>]*>")
# What the library raises on a message that it cannot take apart.
BROKEN = (MessageError, LookupError, ValueError, AttributeError, TypeError, RecursionError)


class NotAnEmail(Exception):
    """The bytes are no e-mail: no sender, no subject and no text can be read in them."""


@dataclass(frozen=True)
class Piece:
    """A file that came with an e-mail."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class ParsedEmail:
    """What an e-mail says. `sent_at` is None where its date cannot be read."""

    sender: str
    subject: str
    body: str
    to: str = ""
    copies: str = ""
    sent_at: datetime | None = None
    message_id: str = ""
    pieces: tuple[Piece, ...] = ()
    is_cut: bool = False


def looks_like_source(text: str) -> bool:
    """Tell whether a text begins as the source of an e-mail does: headers, then an empty line."""
    head = SOURCE.match(text.replace("\r\n", "\n").lstrip())
    if head is None:
        return False
    names = {line.split(":", 1)[0].lower() for line in head.group(0).split("\n") if ":" in line}
    return "from" in names and len(names & HEADERS) >= 2


def read_email(content: bytes) -> ParsedEmail:
    """Read the bytes of an e-mail.

    :raises NotAnEmail: if they are none, or are broken beyond reading.
    """
    try:
        parsed = _parse(message_of(content))
    except BROKEN as error:
        raise NotAnEmail from error
    if not parsed.sender and not parsed.subject:
        raise NotAnEmail
    return parsed


def message_of(content: bytes) -> EmailMessage:
    """Take bytes apart into headers and parts.

    :raises NotAnEmail: if their parts are too many to be an e-mail of people.
    :raises RecursionError: if their parts are too deep; what else the library may is in BROKEN.
    """
    if content.lower().count(b"boundary=") > MOST_BOUNDARIES:
        raise NotAnEmail
    return BytesParser(policy=policy.default).parsebytes(content)  # type: ignore[return-value]


def _parse(message: EmailMessage) -> ParsedEmail:
    body = clean_text(_body_of(message))
    return ParsedEmail(
        sender=_head(message, "from"),
        subject=_head(message, "subject"),
        body=body[:LONGEST_BODY],
        to=_head(message, "to"),
        copies=_head(message, "cc"),
        sent_at=_date_of(message),
        message_id=_head(message, "message-id").strip("<> ")[:LONGEST_HEAD],
        pieces=tuple(_pieces(message)),
        is_cut=len(body) > LONGEST_BODY,
    )


def _head(message: EmailMessage, name: str) -> str:
    try:
        value = str(message.get(name, ""))
    except BROKEN:  # a header that the library cannot take apart
        value = next((str(raw) for key, raw in message.raw_items() if key.lower() == name), "")
    return clean_text(" ".join(value.split()))[:LONGEST_HEAD]


def _date_of(message: EmailMessage) -> datetime | None:
    try:
        sent = parsedate_to_datetime(_head(message, "date"))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return sent if sent.tzinfo is not None and 1990 <= sent.year < 2200 else None


def _body_of(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    text = _text_of(part)  # type: ignore[arg-type]
    return text_of_html(text) if part.get_content_subtype() == "html" else text


def _text_of(part: EmailMessage) -> str:
    """Return the text of a part in its charset, or as near as can be in UTF-8."""
    try:
        return str(part.get_content())
    except (LookupError, UnicodeError):
        raw = part.get_payload(decode=True)
        return raw.decode("utf-8", errors="replace") if isinstance(raw, bytes) else ""


def text_of_html(html: str) -> str:
    """Return the words of a page, a line per paragraph."""
    plain = TAGS.sub("", BREAKS.sub("\n", _seen(html)))
    lines = (" ".join(line.split()) for line in unescape(plain).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _seen(html: str) -> str:
    """Leave out scripts, styles, heads and comments, in one reading whatever is left open."""
    kept, place = [], 0
    left_open: set[str] = set()
    for match in UNSEEN.finditer(html):
        name = (match.group(1) or "").lower()
        if match.start() < place or name in left_open:
            continue
        end = ENDINGS[name].search(html, match.end())
        if end is None:
            left_open.add(name)
            continue
        kept.append(html[place : match.start()])
        place = end.end()
    return "".join([*kept, html[place:]])


def clean_text(text: str) -> str:
    """Return a text that a database takes: no character nought, plain line ends."""
    kept = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return kept.encode("utf-8", errors="replace").decode("utf-8").strip()


def _pieces(message: EmailMessage) -> Iterator[Piece]:
    for count, part in enumerate(message.iter_attachments()):
        if count == MOST_ATTACHMENTS:
            return
        if part.get_content_type() == "message/rfc822":
            content = part.get_payload(0).as_bytes()  # type: ignore[union-attr]
            name = part.get_filename() or "message.eml"
        else:
            raw = part.get_payload(decode=True)
            content, name = (raw if isinstance(raw, bytes) else b""), part.get_filename() or ""
        if content and name:
            base = clean_text(name).replace("\\", "/").rpartition("/")[2]
            kept = base[:200] if base.strip(". ") else "fichier"  # « .. » is no name of a file
            yield Piece(kept, part.get_content_type()[:100], content)
