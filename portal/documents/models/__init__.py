"""Documents of projects, what we ask for, links without an account, templates, archives."""

from portal.documents.models.documents import (
    DocumentReading,
    DocumentVersion,
    ProjectDocument,
    tidy_tags,
)
from portal.documents.models.links import ShareLink
from portal.documents.models.packs import DocumentPack
from portal.documents.models.papers import PaperTemplate, PaperTemplateVersion
from portal.documents.models.requests import DocumentRequest, RequestChecklist

__all__ = [
    "DocumentPack",
    "DocumentReading",
    "DocumentRequest",
    "DocumentVersion",
    "PaperTemplate",
    "PaperTemplateVersion",
    "ProjectDocument",
    "RequestChecklist",
    "ShareLink",
    "tidy_tags",
]
