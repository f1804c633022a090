"""A form sent again under its key has one effect."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.http import HttpResponse
from django.shortcuts import redirect
from django.test import RequestFactory
from django.utils import timezone

from core.access.models import Submission
from core.access.submissions import answer_once, forget_old_submissions
from core.accounts.models import ClientTag

KEY = str(uuid.uuid4())


def form(user, *, key=KEY, by_itself=False):
    headers = {"X-Outbox": "1"} if by_itself else {}
    request = RequestFactory().post("/client/support/nouveau/", {"cle": key}, headers=headers)
    request.user = user
    return request


def made():
    ClientTag.objects.create(name=str(uuid.uuid4()))
    return redirect("/client/support/1/")


@pytest.mark.django_db
def test_the_second_time_gives_the_answer_of_the_first(acme_owner):
    first = answer_once(form(acme_owner), made)
    second = answer_once(form(acme_owner), made)

    assert (first.url, second.url) == ("/client/support/1/", "/client/support/1/")
    assert ClientTag.objects.count() == 1


@pytest.mark.django_db
def test_two_people_may_have_the_same_key(acme_owner, rival_owner):
    answer_once(form(acme_owner), made)
    answer_once(form(rival_owner), made)

    assert ClientTag.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "pas-une-cle", "x" * 5000])
def test_without_a_key_each_form_counts(acme_owner, key):
    answer_once(form(acme_owner, key=key), made)
    answer_once(form(acme_owner, key=key), made)

    assert ClientTag.objects.count() == 2
    assert not Submission.objects.exists()


@pytest.mark.django_db
def test_a_refused_form_may_be_corrected_under_its_key(acme_owner):
    refused = answer_once(form(acme_owner), lambda: HttpResponse("non", status=422))
    taken = answer_once(form(acme_owner), made)

    assert (refused.status_code, taken.status_code) == (422, 302)
    assert ClientTag.objects.count() == 1


@pytest.mark.django_db
def test_a_form_that_breaks_keeps_neither_key_nor_act(acme_owner):
    def break_after():
        made()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        answer_once(form(acme_owner), break_after)

    assert (ClientTag.objects.count(), Submission.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_a_browser_that_sends_by_itself_is_told_where_it_leads(acme_owner):
    first = answer_once(form(acme_owner, by_itself=True), made)
    second = answer_once(form(acme_owner, by_itself=True), made)

    assert json.loads(first.content) == {"location": "/client/support/1/"}
    assert json.loads(second.content) == {"location": "/client/support/1/"}
    assert ClientTag.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_have_one_effect(acme_owner):
    def send(_):
        try:
            return answer_once(form(acme_owner), made).url
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(8)))

    assert answers == ["/client/support/1/"] * 8
    assert ClientTag.objects.count() == 1


@pytest.mark.django_db
def test_old_keys_are_forgotten(acme_owner):
    answer_once(form(acme_owner), made)
    now = timezone.now()

    assert forget_old_submissions(at=now + timedelta(days=29)) == 0
    assert forget_old_submissions(at=now + timedelta(days=31)) == 1
