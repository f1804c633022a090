"""Keeps secrets and whole phone numbers out of the logs."""

import logging
import re

# Addresses that end in a key, as they are or within the `next` of another.
TOKENS = (
    "invitation|p|payer|partage|portail|fichiers|avis|calendrier|mot-de-passe(?:/|%2F)nouveau"
    "|notifications(?:/|%2F)desabonnement"
)
PATTERNS = [
    (
        re.compile(
            r"(?i)(apikey|api_key|secret|password|x-token|authorization)([\"'=: ]+)[^\s\"',&]+"
        ),
        r"\1\2***",
    ),
    (re.compile(rf"(/|%2F)({TOKENS})(/|%2F)[\w:.=%-]{{12,}}", re.IGNORECASE), r"\1\2\3***"),
    (re.compile(r"\b(\+?225[ ]?)?(0[1-9])(?:[ .]?\d{2}){3}[ .]?(\d{2})\b"), r"\2 •• •• •• \3"),
]


def masked(text: str) -> str:
    """Return the text without secrets, signed links and middle digits of phone numbers."""
    for pattern, replacement in PATTERNS:
        text = pattern.sub(replacement, text)
    return text


class SecretsFilter(logging.Filter):
    """Masks the message of each record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = masked(record.getMessage()), ()
        return True
