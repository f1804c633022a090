"""The team's screens of documents."""

from core.backoffice import menu
from portal.documents.admin_screens.documents import ProjectDocumentViewSet
from portal.documents.admin_screens.requests import DocumentRequestViewSet

menu.add("documents", ProjectDocumentViewSet, order=10)
menu.add("documents", DocumentRequestViewSet, order=20)
