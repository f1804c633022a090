"""The bases of the JSON API: the same rows as the client's pages, and not one more."""

from typing import Any

from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request

from core.access.grants import grants_of


class IsMember(BasePermission):
    """Somebody of a client, whatever the role: rows are then held to what the role opens."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return bool(grants_of(request.user).all_clients)


class ScopedListAPI(ListAPIView):
    """A list of what the person may see."""

    permission_classes = [IsAuthenticated, IsMember]

    def get_queryset(self) -> Any:
        return super().get_queryset().visible_to(self.request.user)


class ScopedDetailAPI(RetrieveAPIView):
    """One row that the person may see; anything else is a 404."""

    permission_classes = [IsAuthenticated, IsMember]

    def get_queryset(self) -> Any:
        return super().get_queryset().visible_to(self.request.user)
