"""Dates written as an iCalendar text (RFC 5545): whole days, nothing to answer. Without Django."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LONGEST_LINE = 75  # bytes
ESCAPED = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\r\n": "\\n", "\n": "\\n", "\r": ""}


@dataclass(frozen=True)
class Event:
    """Something on a day."""

    uid: str
    on: date
    title: str
    detail: str = ""
    url: str = ""


def written(name: str, events: Iterable[Event], at: datetime) -> str:
    """Write a calendar of whole days."""
    stamp = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//NOURX//Calendrier//FR",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ]
    for event in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_escaped(event.uid)}",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{event.on:%Y%m%d}",
            f"DTEND;VALUE=DATE:{event.on + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escaped(event.title)}",
            f"DESCRIPTION:{_escaped(event.detail)}",
            f"URL:{event.url}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _escaped(text: str) -> str:
    for sign, written_as in ESCAPED.items():
        text = text.replace(sign, written_as)
    return text


def _folded(line: str) -> str:
    """Cut a line every 75 bytes, never within a letter."""
    parts, part, size = [], "", 0
    for letter in line:
        width = len(letter.encode())
        if size + width > LONGEST_LINE:
            parts.append(part)
            part, size = "", 1  # the space that goes on
        part += letter
        size += width
    return "\r\n ".join([*parts, part])
