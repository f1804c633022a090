"""Documents as files fit for archives: PDF/A-3b, made from our own HTML and nothing else."""

from core.pdf.qr import qr_svg
from core.pdf.rendering import PdfUnavailable, render_pdf

__all__ = ["PdfUnavailable", "qr_svg", "render_pdf"]
