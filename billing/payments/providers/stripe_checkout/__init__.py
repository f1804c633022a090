"""Stripe Checkout, through the official library."""

from .gateway import PRODUCTION_URL, StripeGateway

__all__ = ["PRODUCTION_URL", "StripeGateway"]
