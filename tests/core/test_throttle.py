"""Whose address limits count: the one our proxies tell, and no other."""

import pytest
from django.core.cache import cache
from django.test import RequestFactory
from django.utils import timezone
from redis.exceptions import ConnectionError as RedisIsAway

from billing.payments.views import by_link
from core import rls
from core.throttle import address_of, is_first, is_too_often
from portal.guests import views as guests

TOLD = "203.0.113.66, 198.51.100.7"  # what the visitor wrote, then what our proxy added


@pytest.mark.parametrize(
    ("proxies", "seen"), [(0, "10.0.0.1"), (1, "198.51.100.7"), (2, "203.0.113.66")]
)
def test_the_address_is_the_one_our_proxies_tell(settings, proxies, seen):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies

    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=TOLD)

    assert address_of(request) == seen


def test_a_server_without_an_address_counts_everybody_together():
    assert address_of(RequestFactory().get("/", REMOTE_ADDR="")) == ""


def test_the_next_one_above_the_most_is_too_often():
    answers = [is_too_often("essai", most=2, seconds=60) for _number in range(3)]

    assert answers == [False, False, True]
    assert [is_first("essai", seconds=60), is_first("essai", seconds=60)] == [True, False]


def test_without_redis_nobody_is_held_back_unless_asked(monkeypatch):
    def break_down(*_args, **_options):
        raise RedisIsAway

    monkeypatch.setattr(cache, "add", break_down)

    assert is_too_often("essai", most=1, seconds=60) is False
    assert is_too_often("essai", most=1, seconds=60, without_redis=True) is True
    assert is_first("essai", seconds=60) is True


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/portail/" + "0" * 80 + "/", "/payer/inconnu/", "/partage/inconnu/"]
)
def test_behind_a_proxy_one_visitor_does_not_shut_links_to_another(client_of, settings, path):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    browser = client_of()

    def visit(address):
        return browser.get(path, REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=address).status_code

    most = max(guests.MOST_VISITS[0], by_link.MOST_READS)
    first = {visit("203.0.113.66") for _number in range(most + 1)}

    assert first == {404, 429}
    assert visit("198.51.100.7") == 404


@pytest.mark.django_db
def test_a_visitor_who_invents_addresses_is_held_back_all_the_same(client_of, settings, acme):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    with rls.staff("test"):
        _link, token = guests.services.make_link(client=acme, actor=None, at=timezone.now())
    browser, most = client_of(), guests.MOST_VISITS[0]

    answers = [
        browser.get(f"/portail/{token}/", HTTP_X_FORWARDED_FOR=f"10.9.8.{number}, 198.51.100.7")
        for number in range(most + 1)
    ]

    assert [answer.status_code for answer in answers[-2:]] == [302, 429]
