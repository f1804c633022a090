"""Keep the keys to the team's scope, and from being rewritten. Reversible."""

from django.db import migrations

from core import rls_operations as rls


class Migration(migrations.Migration):
    dependencies = [("access", "0001_scope_function"), ("proofs", "0001_initial")]

    operations = [
        rls.protect_for_staff("proofs_signingkey"),
        rls.append_only("proofs_signingkey", changing=("retired_at",)),
    ]
