"""Reads: what projects cost, where they stand, what they look like over a period."""
