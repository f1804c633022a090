"""The team at work in the back-office, and clients to work on."""

import pytest
from wagtail.permissions import policy_registry

from core.accounts.models import Client


@pytest.fixture(autouse=True)
def in_team(db, team):
    """Read rows as the team does; each request still gets its own scope."""


@pytest.fixture
def make_client(company):
    """Return a function that makes a client; Akwaba unless named."""

    def make(name="Akwaba Distribution", **fields):
        return Client.objects.create(company=company, name=name, **fields)

    return make


@pytest.fixture
def form_of():
    """Return a function that gives what the edit form of a client would post."""

    def values(client, **changed):
        names = ["name", "stage", "sector", "ncc", "rccm", "address", "city", "country"]
        names += ["email", "phone"]
        typed = {name: getattr(client, name) or "" for name in names}
        typed |= {"company": client.company_id, "currency": "XOF", "version": client.version}
        typed |= {f"contacts-{n}": 0 for n in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS")}
        return typed | changed

    return values


@pytest.fixture
def as_owner(owner_staff, client_of):
    return client_of(owner_staff)


@pytest.fixture
def as_manager(manager, client_of):
    return client_of(manager)


@pytest.fixture
def as_editor(editor, client_of):
    return client_of(editor)


@pytest.fixture
def use_policy():
    """Return a function that has another policy hold for a model during one test."""
    former = {}

    def use(policy):
        former.setdefault(policy.model, policy_registry.get_by_type(policy.model))
        policy_registry.values_by_class[policy.model] = policy

    yield use
    policy_registry.values_by_class.update(former)
