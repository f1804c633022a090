"""What documents hold on a person: the files they handed in."""

from collections.abc import Iterator
from typing import Any

from wagtail import hooks

from core.hooks import PersonalData
from portal.documents.models import DocumentVersion


@hooks.register("nourx_personal_data")
def data_of_documents(person: Any) -> Iterator[PersonalData]:
    versions = DocumentVersion.objects.filter(author=person).order_by("pk")
    yield PersonalData(
        "documents-deposes",
        list(
            versions.values("document__title", "number", "file__name", "file__size", "created_at")
        ),
    )
