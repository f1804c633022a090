"""The team's screens of documents."""

from core.backoffice import menu
from portal.documents.admin_screens import (
    bulk,  # noqa: F401  registers the acts on several documents
    packs,  # noqa: F401  registers the pages of archives
)
from portal.documents.admin_screens.access import AccessPage
from portal.documents.admin_screens.checklists import RequestChecklistViewSet
from portal.documents.admin_screens.library import ProjectDocumentViewSet
from portal.documents.admin_screens.papers import PaperTemplateViewSet
from portal.documents.admin_screens.requests import DocumentRequestViewSet

menu.add("documents", ProjectDocumentViewSet, order=10)
menu.add("documents", DocumentRequestViewSet, order=20)
menu.add_page("documents", AccessPage, slug="documents/acces", name="documents_access", order=30)
menu.add("documents", PaperTemplateViewSet, order=40)
menu.add("documents", RequestChecklistViewSet, order=50)
