"""A WhatsApp message without an account of ours there: a link that opens it, ready to be sent."""

from urllib.parse import urlencode


def message_url(phone: str, text: str) -> str:
    """Return the address that opens WhatsApp on a number such as +225…, the text written."""
    digits = "".join(letter for letter in phone if letter.isdigit())
    return f"https://wa.me/{digits}?{urlencode({'text': text})}"
