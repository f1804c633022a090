"""Everything that changes documents, requests and links. Callers import from here."""

from portal.documents.services.deposits import (
    OnSameName,
    SameName,
    deposit_files,
    deposit_version,
    rename_document,
)
from portal.documents.services.links import (
    create_link,
    open_link,
    revoke_link,
    revoke_links,
)
from portal.documents.services.requests import (
    AlreadyReceived,
    NotReceived,
    fulfil_request,
    note_request,
    refuse_received,
)
from portal.documents.services.versions import (
    add_version,
    note_document,
    note_download,
    note_reading,
)

__all__ = [
    "AlreadyReceived",
    "NotReceived",
    "OnSameName",
    "SameName",
    "add_version",
    "create_link",
    "deposit_files",
    "deposit_version",
    "fulfil_request",
    "note_document",
    "note_download",
    "note_reading",
    "note_request",
    "open_link",
    "refuse_received",
    "rename_document",
    "revoke_link",
    "revoke_links",
]
