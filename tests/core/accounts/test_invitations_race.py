"""Two people press the same link at once: one account comes of it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from core import rls
from core.access.roles import Role
from core.accounts import services
from core.accounts.models import Invitation, User


@pytest.mark.django_db(transaction=True)
def test_a_link_pressed_twice_at_once_opens_one_account(acme, do_owed_work):
    with rls.staff("test"):
        services.invite_member(
            client=acme,
            email="mariam@acme.test",
            role=Role.BILLING,
            actor=None,
            at=timezone.now(),
        )
    token = do_owed_work()[0].body.split("/invitation/")[1].split("/")[0]
    together = Barrier(4)

    def accept(number):
        together.wait()
        try:
            services.accept_invitation(
                token=token,
                first_name=f"Mariam {number}",
                last_name="Traoré",
                password="une-phrase-toute-neuve",
                at=timezone.now(),
            )
            return "accepted"
        except services.InvitationOver:
            return "over"
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        answers = sorted(threads.map(accept, range(4)))

    assert answers == ["accepted", "over", "over", "over"]
    assert User.objects.count() == 1
    assert Invitation.objects.get().accepted_at is not None
