"""The logo of a company, as its papers draw it."""

from core.accounts.models import Company


def logo_of(company: Company) -> bytes | None:
    """Read the logo of a company, when it has one that is still there."""
    if company.logo is None:
        return None
    try:
        with company.logo.file.open("rb") as stream:
            return stream.read()
    except FileNotFoundError:
        return None
