"""Uploads when private files live on S3: the browser posts straight to the bucket.

The form is signed for one key, one type and a size; the bucket refuses anything else. It stays
valid until it expires, so what is checked is read under its ETag, and copied under the same one.
"""

from typing import Any

from botocore.exceptions import ClientError
from django.core.files.storage import storages

from core.files.models import Upload

MODE = "form"
FORM_SECONDS = 600
ABSENT = ("404", "NoSuchKey", "NotFound")
CHANGED = ("412", "PreconditionFailed", *ABSENT)


class SwappedMeanwhile(Exception):
    """The bytes are no longer those that were read."""


def form_for(upload: Upload) -> dict[str, Any]:
    """Return the address and the fields of a form that sends this very file, for ten minutes."""
    client, bucket = _bucket()
    form = client.generate_presigned_post(
        Bucket=bucket,
        Key=upload.key,
        Fields={"Content-Type": upload.content_type, "success_action_status": "201"},
        Conditions=[
            {"Content-Type": upload.content_type},
            {"success_action_status": "201"},
            ["content-length-range", 1, upload.size],
        ],
        ExpiresIn=FORM_SECONDS,
    )
    return {"url": form["url"], "fields": form["fields"]}


def arrived(upload: Upload) -> int:
    """Return how many bytes of an upload are here: all of what was posted, or none."""
    client, bucket = _bucket()
    try:
        return int(client.head_object(Bucket=bucket, Key=upload.key)["ContentLength"])
    except ClientError as error:
        if _code(error) in ABSENT:
            return 0
        raise


def read(upload: Upload) -> tuple[bytes, str]:
    """Return the bytes of an upload and their ETag."""
    client, bucket = _bucket()
    try:
        answer = client.get_object(Bucket=bucket, Key=upload.key)
    except ClientError as error:
        if _code(error) in ABSENT:
            return b"", ""
        raise
    return answer["Body"].read(upload.size + 1), answer["ETag"]


def keep(upload: Upload, content: bytes, mark: str, key: str) -> None:
    """Copy the bytes that were checked to a key, as a download that nobody caches.

    :raises SwappedMeanwhile: if other bytes took their place since.
    """
    client, bucket = _bucket()
    try:
        client.copy_object(
            Bucket=bucket,
            Key=key,
            CopySource={"Bucket": bucket, "Key": upload.key},
            CopySourceIfMatch=mark,
            MetadataDirective="REPLACE",
            ContentType="application/octet-stream",
            ContentDisposition="attachment",
            CacheControl="private, no-store",
        )
    except ClientError as error:
        if _code(error) in CHANGED:
            raise SwappedMeanwhile from error
        raise


def discard(key: str) -> None:
    """Remove bytes; those already gone are fine."""
    storages["private"].delete(key)


def _bucket() -> tuple[Any, str]:
    store: Any = storages["private"]
    return store.connection.meta.client, store.bucket_name


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
