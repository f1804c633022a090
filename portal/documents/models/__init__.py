"""Documents of projects, what we ask for, and links for people without an account."""

from portal.documents.models.documents import DocumentReading, DocumentVersion, ProjectDocument
from portal.documents.models.links import ShareLink
from portal.documents.models.requests import DocumentRequest

__all__ = [
    "DocumentReading",
    "DocumentRequest",
    "DocumentVersion",
    "ProjectDocument",
    "ShareLink",
]
