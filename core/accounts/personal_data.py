"""What accounts hold on a person, for the copy that they may ask for."""

from collections.abc import Iterator

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from wagtail import hooks

from core import rls
from core.accounts.models import Contact, ErasureRequest, SignIn, User
from core.hooks import PersonalData

FACTS = (
    "email", "first_name", "last_name", "job_title", "phone", "preferred_channel", "language",
    "theme", "analytics_since", "date_joined", "last_login",
)  # fmt: skip


@hooks.register("nourx_personal_data")
def data_of_account(person: User) -> Iterator[PersonalData]:
    clients = list(person.memberships.values_list("client_id", flat=True))
    yield PersonalData("compte", [{name: getattr(person, name) for name in FACTS}])
    yield PersonalData(
        "societes",
        [
            {"client": row.client.name, "role": row.get_role_display(), "depuis": row.created_at}
            for row in person.memberships.select_related("client").order_by("pk")
        ],
    )
    contacts = Contact.objects.filter(client_id__in=clients, email__iexact=person.email)
    yield PersonalData(
        "contacts", list(contacts.order_by("pk").values("name", "job_title", "email", "phone"))
    )
    sessions = UserSession.objects.filter(user=person).order_by("-last_seen_at")
    yield PersonalData(
        "appareils", list(sessions.values("ip", "user_agent", "created_at", "last_seen_at"))
    )
    with rls.staff("accounts: the sign-ins of one person, for that person"):
        tries = SignIn.objects.filter(user=person).order_by("-at", "-pk")
        facts = list(tries.values("at", "succeeded", "method", "reason", "address", "device"))
    yield PersonalData("connexions", facts)
    factors = Authenticator.objects.filter(user=person).order_by("pk")
    yield PersonalData("moyens-de-connexion", list(factors.values("type", "created_at")))
    asked = ErasureRequest.objects.filter(user=person).order_by("pk")
    yield PersonalData(
        "demandes-d-effacement", list(asked.values("reason", "state", "asked_at", "answer"))
    )
