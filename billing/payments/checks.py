"""Checks at start of the payment providers."""
