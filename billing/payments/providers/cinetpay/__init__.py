"""CinetPay: Checkout v2, and the newer API v1."""

from .gateway import PRODUCTION_URL, CinetPayGateway
from .v1 import CinetPayV1Gateway

__all__ = ["PRODUCTION_URL", "CinetPayGateway", "CinetPayV1Gateway"]
