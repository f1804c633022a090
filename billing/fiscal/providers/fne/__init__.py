"""Facture normalisée électronique: the tax office of Côte d’Ivoire (DGI)."""

from billing.fiscal.providers.fne.provider import FneProvider

__all__ = ["FneProvider"]
