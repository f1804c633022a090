"""Every change of what the team keeps at its desk."""

from core.desk.services.exports import (
    ask_list_export,
    cancel_list_export,
    record_list_download,
    remove_old_list_exports,
)
from core.desk.services.filters import (
    FilterRefused,
    open_listing_with,
    remove_filter,
    save_filter,
)
from core.desk.services.listings import arrange_columns, reset_columns, set_row_height

__all__ = [
    "FilterRefused",
    "arrange_columns",
    "ask_list_export",
    "cancel_list_export",
    "open_listing_with",
    "record_list_download",
    "remove_filter",
    "remove_old_list_exports",
    "reset_columns",
    "save_filter",
    "set_row_height",
]
