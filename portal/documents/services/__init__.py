"""Everything that changes documents, requests and links. Callers import from here."""

from portal.documents.services.deposits import (
    OnSameName,
    SameName,
    deposit_files,
    deposit_version,
    rename_document,
)
from portal.documents.services.library import (
    OfAnotherClient,
    move_document,
    set_visibility,
    tag_document,
)
from portal.documents.services.links import (
    create_link,
    open_link,
    revoke_link,
    revoke_links,
)
from portal.documents.services.packs import ask_pack, note_pack_taken
from portal.documents.services.papers import (
    MissingValues,
    restore_template,
    save_template,
    write_paper,
)
from portal.documents.services.requests import (
    AlreadyReceived,
    NotReceived,
    RemindedLately,
    ask_documents,
    fulfil_request,
    note_request,
    refuse_received,
    remind_request,
)
from portal.documents.services.versions import (
    IsLatest,
    add_version,
    note_document,
    note_download,
    note_reading,
    restore_version,
)

__all__ = [
    "AlreadyReceived",
    "IsLatest",
    "MissingValues",
    "NotReceived",
    "OfAnotherClient",
    "OnSameName",
    "RemindedLately",
    "SameName",
    "add_version",
    "ask_documents",
    "ask_pack",
    "create_link",
    "deposit_files",
    "deposit_version",
    "fulfil_request",
    "move_document",
    "note_document",
    "note_download",
    "note_pack_taken",
    "note_reading",
    "note_request",
    "open_link",
    "refuse_received",
    "remind_request",
    "rename_document",
    "restore_template",
    "restore_version",
    "revoke_link",
    "revoke_links",
    "save_template",
    "set_visibility",
    "tag_document",
    "write_paper",
]
