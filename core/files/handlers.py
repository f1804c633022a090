"""Receiving the files of a form: what a page of clients cannot keep is not written down."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler

from core.files.limits import most_bytes

CLIENT_AREA = "/client/"


class BoundedUploadHandler(FileUploadHandler):
    """Goes first: drops what follows once a file is larger than a person may send.

    What is kept of it is still too large, so that its form refuses it and says the limit.
    """

    def handle_raw_input(self, input_data: Any, META: Any, *args: Any, **kwargs: Any) -> None:
        self.most = most_bytes() if META.get("PATH_INFO", "").startswith(CLIENT_AREA) else None

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        is_beyond = self.most is not None and start > self.most
        return None if is_beyond else raw_data

    def file_complete(self, file_size: int) -> None:
        return None
