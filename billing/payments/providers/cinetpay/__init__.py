"""CinetPay Checkout v2."""

from .gateway import PRODUCTION_URL, CinetPayGateway

__all__ = ["PRODUCTION_URL", "CinetPayGateway"]
