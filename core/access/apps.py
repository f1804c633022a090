from django.apps import AppConfig
from django.db.backends.signals import connection_created

from core import rls


class AccessConfig(AppConfig):
    name = "core.access"
    label = "access"
    verbose_name = "Droits d’accès"

    def ready(self):
        from core.access import checks  # noqa: F401

        connection_created.connect(rls.stamp_connection, dispatch_uid="nourx-rls")
