"""Erasing what we hold on a person: asked by them, answered by the team, kept where law keeps."""

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from core import rls
from core.accounts.models import Contact, ErasureRequest, Invitation, User
from core.accounts.services.exports import remove_exports_of
from core.accounts.services.memberships import end_sessions, remove_member
from core.accounts.services.sign_ins import forget_sign_ins_of
from core.audit.log import record
from core.notify.mail import owe_mail
from core.notify.models import (
    DeliveryWishes,
    DigestEntry,
    Notification,
    NotificationPreference,
    PushSubscription,
)
from core.notify.team import tell_team

State = ErasureRequest.State
KEPT = (
    _("les devis, factures, reçus et paiements, que la loi fait garder dix ans"),
    _("le journal des actes, qui prouve qui a fait quoi"),
    _("le journal des messages envoyés, avec l’adresse qui les a reçus"),
    _("les messages et fichiers échangés avec votre société, sous le nom « Compte effacé »"),
)


class NotOpen(Exception):
    """The request has been answered already."""


class IsOfTheTeam(Exception):
    """An account of the team is closed by its owners, not erased on request."""


@transaction.atomic
def ask_erasure(*, user: User, reason: str, at: datetime) -> ErasureRequest:
    """File a person’s request; the one that is open when there is one. The team is told.

    :raises IsOfTheTeam: if the account is the team’s.
    """
    person = User.objects.select_for_update().get(pk=user.pk)
    if person.is_staff:
        raise IsOfTheTeam(person)
    open_ones = ErasureRequest.objects.filter(user=person, state__in=_OPEN)
    if (found := open_ones.first()) is not None:
        return found
    request = ErasureRequest.objects.create(user=person, reason=reason.strip(), asked_at=at)
    record("erasure_asked", request, actor=user)
    _write("account/erasure_received", person, request)
    client_id = person.memberships.order_by("pk").values_list("client_id", flat=True).first()
    if client_id is not None:
        with rls.staff("accounts: telling the team of a request"):
            tell_team(
                "erasure_asked",
                client_id=client_id,
                text=_("%(name)s demande l’effacement de ses données.") % {"name": person},
                detail=request.reason[:300],
                url=f"/admin/snippets/accounts/erasurerequest/inspect/{request.pk}/",
                key=str(request.pk),
            )
    return request


@transaction.atomic
def take_erasure_up(*, request: ErasureRequest, actor: Any) -> ErasureRequest:
    """Say that somebody of the team looks at a request.

    :raises NotOpen: if it was answered.
    """
    locked = _locked(request)
    locked.state = State.IN_PROGRESS
    locked.save(update_fields=["state"])
    record("erasure_taken_up", locked, actor=actor)
    return locked


@transaction.atomic
def refuse_erasure(*, request: ErasureRequest, answer: str, actor: Any, at: datetime) -> None:
    """Answer no to a request, with the reason, by mail too.

    :raises NotOpen: if it was answered.
    """
    locked = _locked(request)
    _answer(locked, State.REFUSED, answer, actor, at)
    record("erasure_refused", locked, actor=actor)
    _write("account/erasure_refused", locked.user, locked, answer=answer)


@transaction.atomic
def erase_account(*, request: ErasureRequest, actor: Any, at: datetime) -> None:
    """Erase what names a person, close the account for ever, and say what is kept.

    :raises PermissionDenied: if the actor is a person and not an owner of the back-office.
    :raises NotOpen: if the request was answered.
    :raises IsOfTheTeam: if the account is the team’s.
    """
    if actor is not None and not actor.is_superuser:
        raise PermissionDenied("only owners erase accounts")
    locked = _locked(request)
    person = User.objects.select_for_update().get(pk=locked.user_id)
    if person.is_staff:
        raise IsOfTheTeam(person)
    with override(person.language):
        kept = [str(text) for text in KEPT]
    _write("account/erasure_done", person, locked, kept=kept)
    with rls.staff("accounts: what names a person, at every client"):
        _erase_around(person)
    _erase(person, at)
    _answer(locked, State.DONE, "\n".join(kept), actor, at)
    record("account_erased", person, actor=actor, request_id=locked.pk)


_OPEN = (State.RECEIVED, State.IN_PROGRESS)


def _locked(request: ErasureRequest) -> ErasureRequest:
    locked = ErasureRequest.objects.select_for_update(of=("self",)).select_related("user")
    found = locked.get(pk=request.pk)
    if not found.is_open:
        raise NotOpen(found)
    return found


def _answer(request: ErasureRequest, state: str, answer: str, actor: Any, at: datetime) -> None:
    request.state, request.answer = state, answer
    request.answered_at, request.answered_by = at, actor
    request.save()


def _erase_around(person: User) -> None:
    """Erase what stands around an account: its contacts, invitations, notices and ways in."""
    contacts = Contact.objects.filter(email__iexact=person.email)  # also where they were before
    contacts.update(name=str(_("Contact effacé")), job_title="", email="", phone="")
    for membership in person.memberships.all():
        remove_member(membership=membership, actor=None)
    Invitation.objects.filter(email__iexact=person.email).delete()
    held: tuple[Any, ...] = (
        Notification,
        NotificationPreference,
        DeliveryWishes,
        DigestEntry,
        PushSubscription,
        Authenticator,
    )
    for model in held:
        model.objects.filter(user=person).delete()
    EmailAddress.objects.filter(user=person).delete()
    remove_exports_of(person)
    forget_sign_ins_of(person)


def _erase(person: User, at: datetime) -> None:
    person.email = f"efface-{person.pk}@efface.invalid"
    person.first_name, person.last_name = "Compte", "effacé"
    person.phone = person.job_title = ""
    person.is_active, person.erased_at = False, at
    person.analytics_since = person.space = None
    person.set_unusable_password()
    person.save()
    end_sessions(person)


def _write(template: str, person: User, request: ErasureRequest, **more: Any) -> None:
    with override(person.language):
        owe_mail(
            template,
            key=f"{template.rpartition('/')[2]}:{request.pk}",
            to=[person.email],
            context={"name": person.first_name, **more},
        )
