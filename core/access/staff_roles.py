"""The roles of the team: Direction (superuser), Gestion, Rédaction, Comptabilité; their rights.

The rights are worked out from the installed apps after each migration, so a new app needs no
line here: a manager gets every right on its models, unless their policy is an `OwnerPolicy`.
"""

from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from guardian.models.models import BaseObjectPermission
from wagtail.hooks import search_for_hooks
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page
from wagtail.permissions import policy_registry

from core.access.policies import OwnerPolicy
from core.access.roles import PROJECT_GRANT, Grant

ENTER = "access_admin"
PUBLISHES = "publish_"
WRITTEN_BY_EDITORS = ("knowledge",)  # labels of the apps that editors keep
# What an accountant reads: the books, and what they are made of. And what such a seat may do.
READ_BY_ACCOUNTANTS = ("accounting", "invoicing", "payments", "treasury", "fiscal")
DONE_BY_ACCOUNTANTS = ("export_entries",)
PAGE_RIGHTS = ("add_page", "change_page", "publish_page", "lock_page", "unlock_page")
FILE_RIGHTS = (
    "add_image", "change_image", "choose_image",
    "add_document", "change_document", "choose_document",
)  # fmt: skip
STOCK_GROUPS = ("Editors", "Moderators")  # made by Wagtail's migrations


class StaffRole(models.TextChoices):
    """What somebody of the team is."""

    OWNER = "owner", _("Direction")
    MANAGER = "manager", _("Gestion")
    EDITOR = "editor", _("Rédaction")
    ACCOUNTANT = "accountant", _("Comptabilité")


def role_of(user: Any) -> str:
    """Return the role of an account in the team; empty for people of a client."""
    if user.is_superuser:
        return StaffRole.OWNER
    names = {group.name for group in user.groups.all()}
    return next((role.value for role in StaffRole if role.value in names), "")


@transaction.atomic
def put_in_role(user: Any, role: str) -> None:
    """Give an account one role of the team and no other; an empty role takes it out.

    :raises ValueError: if there is no such role.
    """
    is_owner = bool(role) and StaffRole(role) is StaffRole.OWNER
    user.is_staff, user.is_superuser = bool(role), is_owner
    user.save(update_fields=["is_staff", "is_superuser"])
    user.groups.remove(*user.groups.filter(name__in=StaffRole.values))
    if role and not is_owner:
        user.groups.add(_group(role))


@transaction.atomic
def sync_staff_roles() -> None:
    """Write the groups of the team with the rights of the apps installed now. Safe to repeat."""
    search_for_hooks()  # the policies are registered there
    Group.objects.filter(name__in=STOCK_GROUPS).delete()
    enter = Permission.objects.filter(codename=ENTER, content_type__app_label="wagtailadmin")
    managed, written = _rights(_managed_models()), _rights(_written_models())
    _group(StaffRole.MANAGER).permissions.set([*enter, *managed])
    reviewed = written.exclude(codename__startswith=PUBLISHES)  # what they write is read first
    _group(StaffRole.EDITOR).permissions.set([*enter, *reviewed])
    _group(StaffRole.ACCOUNTANT).permissions.set([*enter, *_read_by_accountants()])
    _give_pages(_group(StaffRole.MANAGER))
    for role in (StaffRole.MANAGER, StaffRole.EDITOR):
        _give_files(_group(role))


def sync_after_migrations(sender: AppConfig, **_: Any) -> None:
    """Write the groups once, when the last app that has models has its permissions."""
    if sender is [app for app in apps.get_app_configs() if app.models_module][-1]:
        sync_staff_roles()


def _group(role: str) -> Group:
    return Group.objects.get_or_create(name=StaffRole(role).value)[0]


def _managed_models() -> list[type[models.Model]]:
    ours = {app.partition(".apps.")[0] for app in settings.NOURX_APPS}
    return [
        model
        for model in apps.get_models()
        if apps.get_app_config(model._meta.app_label).name in ours and not _is_owners(model)
    ]


def _written_models() -> list[type[models.Model]]:
    return [model for model in _managed_models() if model._meta.app_label in WRITTEN_BY_EDITORS]


def _read_by_accountants() -> QuerySet[Permission]:
    """Return the rights to see what the books are made of, and to export them."""
    read = [model for model in _managed_models() if model._meta.app_label in READ_BY_ACCOUNTANTS]
    clients = [model for model in _managed_models() if model._meta.label == settings.ACCESS_ROOT]
    rights = _rights([*read, *clients])
    return rights.filter(Q(codename__startswith="view_") | Q(codename__in=DONE_BY_ACCOUNTANTS))


def _is_owners(model: type[models.Model]) -> bool:
    policy = policy_registry.get_by_type(model, fallback=False)
    return issubclass(model, BaseObjectPermission) or isinstance(policy, OwnerPolicy)


def _rights(models_of_role: list[type[models.Model]]) -> QuerySet[Permission]:
    """Return every right on some models, but the grants that members of clients hold."""
    kinds = ContentType.objects.get_for_models(*models_of_role, for_concrete_models=False)
    portal = Q(codename__in=[*Grant.values, PROJECT_GRANT])
    return Permission.objects.filter(content_type__in=kinds.values()).exclude(portal)


def _give_pages(group: Group) -> None:
    root = Page.get_first_root_node()
    if root is None:
        return
    rights = Permission.objects.filter(
        codename__in=PAGE_RIGHTS, content_type__app_label="wagtailcore"
    )
    for right in rights:
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission=right)


def _give_files(group: Group) -> None:
    root = Collection.get_first_root_node()
    if root is None:
        return
    rights = Permission.objects.filter(
        codename__in=FILE_RIGHTS, content_type__app_label__in=["wagtailimages", "wagtaildocs"]
    )
    for right in rights:
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=root, permission=right
        )
