from django.apps import AppConfig
from django.db.models.signals import post_migrate


class KnowledgeConfig(AppConfig):
    name = "portal.knowledge"
    label = "knowledge"
    verbose_name = "Base de connaissances"

    def ready(self):
        from portal.knowledge import receivers  # noqa: F401  former addresses, answered searches
        from portal.knowledge.workflow import sync_after_migrations

        post_migrate.connect(sync_after_migrations, dispatch_uid="nourx-article-workflow")
