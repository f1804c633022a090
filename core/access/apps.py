from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate

from core import rls


class AccessConfig(AppConfig):
    name = "core.access"
    label = "access"
    verbose_name = "Droits d’accès"

    def ready(self):
        from core.access import checks  # noqa: F401
        from core.access.staff_roles import sync_after_migrations

        connection_created.connect(rls.stamp_connection, dispatch_uid="nourx-rls")
        post_migrate.connect(sync_after_migrations, dispatch_uid="nourx-staff-roles")
