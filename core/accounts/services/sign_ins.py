"""The journal of sign-ins: one row for each try, and none older than thirteen months."""

from datetime import datetime, timedelta

from core import rls
from core.accounts.models import SignIn, User

KEPT = timedelta(days=396)  # thirteen months
AT_ONCE = 5_000


def keep_sign_in(
    *,
    email: str,
    user: User | None,
    method: str,
    address: str,
    device: str,
    at: datetime,
    reason: str = "",
    second: str = "",
) -> None:
    """Write one try to sign in: without a `reason` it succeeded.

    Without an account, it is looked for by its address, known or not: both take the same time.
    """
    typed = email.strip().lower()[:254]
    if user is None and typed:
        user = User.objects.filter(email__iexact=typed).first()
    if user is None and reason == SignIn.Reason.WRONG:
        reason = SignIn.Reason.UNKNOWN
    with rls.staff("accounts: the journal of sign-ins is the team's"):
        SignIn.objects.create(
            at=at,
            email=typed,
            user=user,
            succeeded=not reason,
            method=method,
            second=second,
            reason=reason,
            address=address or None,
            device=device[:100],
        )


def forget_old_sign_ins(*, at: datetime) -> int:
    """Remove what is older than thirteen months, some thousands at once; return how many."""
    with rls.staff("accounts: the journal of sign-ins has its term"):
        old = SignIn.objects.filter(at__lt=at - KEPT).order_by("at").values("pk")[:AT_ONCE]
        return SignIn.objects.filter(pk__in=old).delete()[0]


def forget_sign_ins_of(user: User) -> None:
    """Remove the tries of one person, by account and by address, because they are erased."""
    with rls.staff("accounts: a person is erased"):
        SignIn.objects.filter(user=user).delete()
        SignIn.objects.filter(email=user.email.lower()).delete()
