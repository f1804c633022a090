"""Tokens of links: long, random, and known here by their digest alone."""

import hashlib

TOKEN_BYTES = 32  # 256 bits: nobody finds one by trying


def digest_of(token: str) -> str:
    """Return the digest that a token is found by."""
    return hashlib.sha256(token.encode()).hexdigest()
