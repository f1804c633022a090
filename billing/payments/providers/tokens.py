"""Where a gateway keeps the access tokens that a provider lends it."""

from __future__ import annotations

from typing import Protocol


class TokenStore(Protocol):
    """Keeps a token for some seconds, under a name."""

    def get(self, name: str) -> str:
        """Return a token that still holds, or ""."""

    def put(self, name: str, token: str, *, seconds: int) -> None:
        """Keep a token for some seconds."""

    def drop(self, name: str) -> None:
        """Forget a token."""


class NoTokens:
    """Keeps nothing: each call asks for a token of its own."""

    def get(self, name: str) -> str:
        return ""

    def put(self, name: str, token: str, *, seconds: int) -> None:
        pass

    def drop(self, name: str) -> None:
        pass
