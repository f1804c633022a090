"""What proofs add elsewhere: the name of an act, the keys in the back-office."""

from django.utils.translation import gettext_lazy as _
from wagtail.permissions import register_permission_policy

from billing.proofs.models import SigningKey
from core.access.policies import ClosedPolicy
from core.audit.log import declare

register_permission_policy(SigningKey, ClosedPolicy(SigningKey))
declare(signing_key_replaced=_("Clé de signature remplacée"))
