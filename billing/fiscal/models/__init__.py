"""The settings of certification, the certification of a paper, and what happened to it."""

from billing.fiscal.models.certifications import Certification, CertificationEvent
from billing.fiscal.models.settings import FiscalSettings

__all__ = ["Certification", "CertificationEvent", "FiscalSettings"]
