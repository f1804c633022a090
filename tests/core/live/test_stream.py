"""The stream of what changed: who hears what, after the commit, and what when Redis is away."""

import asyncio
import json
import time

import pytest
from asgiref.sync import sync_to_async
from django.db import transaction
from django.test import AsyncClient, RequestFactory

from core import rls
from core.access import live
from core.access.live import GRANT_OF_TOPIC, PERSONAL
from core.live.publishing import TOPICS, tell, tell_person
from tests.conftest import BACKEND

pytestmark = pytest.mark.django_db(transaction=True)
STREAM = "/client/direct/"
PATIENCE = 10  # seconds; a loaded machine is slow, not wrong


async def browser_of(user):
    browser = AsyncClient()
    await sync_to_async(browser.force_login)(user, backend=BACKEND)
    return browser


class Ear:
    """Somebody who listens to their stream."""

    def __init__(self, browser, path=STREAM):
        self.browser, self.path = browser, path

    async def __aenter__(self):
        response = await self.browser.get(self.path)
        assert response.status_code == 200
        assert response["Content-Type"] == "text/event-stream"
        self.lines = aiter(response.streaming_content)
        assert (await self.next_line()).startswith(b"retry:")
        return self

    async def __aexit__(self, *_):
        """Leave as a browser does: while the stream waits for the next change."""
        waiting = asyncio.ensure_future(anext(self.lines))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait([waiting])

    async def next_line(self):
        return await asyncio.wait_for(anext(self.lines), PATIENCE)

    async def next_change(self):
        event, data = (await self.next_line()).decode().strip().split("\n")
        assert event == "event: change"
        return json.loads(data.removeprefix("data: "))


async def said(topic, **about):
    await sync_to_async(tell)(topic, **about)


def test_each_hears_of_their_own_client_and_never_of_another(acme, rival, acme_owner, rival_owner):
    async def listen():
        async with (
            Ear(await browser_of(acme_owner)) as awa,
            Ear(await browser_of(rival_owner)) as yao,
        ):
            await said("tasks", client_id=acme.pk, row=7)
            await said("tasks", client_id=rival.pk, row=8)

            return await awa.next_change(), await yao.next_change()

    heard = asyncio.run(listen())

    assert heard == ({"topic": "tasks", "row": "7"}, {"topic": "tasks", "row": "8"})


def test_a_topic_is_told_to_who_holds_its_grant(acme, make_member):
    accountant = make_member(acme, "billing")

    async def listen():
        async with Ear(await browser_of(accountant)) as ear:
            await said("tasks", client_id=acme.pk, row=7)
            await said("invoices", client_id=acme.pk, row=3)
            return await ear.next_change()

    assert asyncio.run(listen()) == {"topic": "invoices", "row": "3"}


def test_a_member_of_one_project_is_not_told_which_row_changed(acme, project, make_member):
    member = make_member(acme, "project", projects=[project])

    async def listen():
        async with Ear(await browser_of(member)) as ear:
            await said("tasks", client_id=acme.pk, row=7)
            return await ear.next_change()

    assert asyncio.run(listen()) == {"topic": "tasks", "row": ""}


def test_a_notice_is_told_to_its_person_alone(acme, acme_owner, make_member):
    colleague = make_member(acme, "owner", email="ali@acme.test")

    async def listen():
        async with (
            Ear(await browser_of(acme_owner)) as awa,
            Ear(await browser_of(colleague)) as ali,
        ):
            await sync_to_async(tell_person)("notices", user_id=acme_owner.pk)
            await said("invoices", client_id=acme.pk, row=1)
            return await awa.next_change(), await ali.next_change()

    assert asyncio.run(listen()) == (
        {"topic": "notices", "row": ""},
        {"topic": "invoices", "row": "1"},
    )


def test_what_is_rolled_back_is_not_told(acme, acme_owner):
    def change_one_mind():
        with transaction.atomic():
            tell("tasks", client_id=acme.pk, row=1)
            transaction.set_rollback(True)

    async def listen():
        async with Ear(await browser_of(acme_owner)) as ear:
            await sync_to_async(change_one_mind)()
            await said("tasks", client_id=acme.pk, row=2)
            return await ear.next_change()

    assert asyncio.run(listen()) == {"topic": "tasks", "row": "2"}


def test_nobody_is_sent_to_sign_in(db):
    async def ask():
        return await AsyncClient().get(STREAM)

    response = asyncio.run(ask())

    assert (response.status_code, response.url) == (302, f"/connexion/?next={STREAM}")


def test_a_server_without_streams_says_so_and_the_page_looks_for_itself(acme_owner, client_of):
    response = client_of(acme_owner).get(STREAM)

    assert response.status_code == 204


def test_without_redis_the_stream_says_it_goes_away(acme_owner, settings):
    async def listen():
        browser = await browser_of(acme_owner)
        settings.REDIS_URL = "unix:///nowhere/redis.sock"
        response = await browser.get(STREAM)
        return [line async for line in response.streaming_content]

    assert asyncio.run(listen()) == [b"event: away\ndata: {}\n\n"]


def test_a_change_is_kept_although_redis_is_away(acme, settings, make_project):
    settings.REDIS_URL = "unix:///nowhere/redis.sock"

    with transaction.atomic():
        project = make_project(acme, "Site vitrine")
        tell("projects", client_id=acme.pk, row=project.pk)

    with rls.staff("test"):
        assert type(project).objects.filter(pk=project.pk).exists()


def test_one_stream_too_many_is_refused(acme_owner, settings):
    async def open_many():
        browser = await browser_of(acme_owner)
        ears = [Ear(browser) for _ in range(6)]
        for ear in ears:
            await ear.__aenter__()
        refused = await browser.get(STREAM)
        for ear in ears:
            await ear.__aexit__()
        async with Ear(browser):
            return refused.status_code

    assert asyncio.run(open_many()) == 204


def test_what_changed_between_the_page_and_its_stream_is_not_lost(acme, acme_owner):
    async def listen(since):
        async with Ear(await browser_of(acme_owner), f"{STREAM}?depuis={since}") as ear:
            await said("invoices", client_id=acme.pk, row=4)
            return await ear.next_change()

    drawn = int(time.time())
    asyncio.run(said("tasks", client_id=acme.pk, row=1))

    assert asyncio.run(listen(drawn)) == {"topic": "*", "row": ""}
    assert asyncio.run(listen(drawn + 3600)) == {"topic": "invoices", "row": "4"}
    assert asyncio.run(listen("hier")) == {"topic": "invoices", "row": "4"}


def test_a_slow_reader_is_told_to_read_everything_again(acme, acme_owner):
    from core.live import listening

    async def fall_behind():
        hub = listening.Hub()
        async with hub.listening(["one"]) as waiting:
            for number in range(listening.MOST_WAITING + 1):
                listening._put(waiting, listening.Signal("one", "tasks", str(number)))
            return waiting.qsize(), waiting.get_nowait()

    assert asyncio.run(fall_behind()) == (1, listening.MISSED)


def test_a_topic_nobody_knows_is_refused(acme):
    with pytest.raises(ValueError, match="taks"):
        tell("taks", client_id=acme.pk)


def test_every_topic_has_the_grant_that_opens_it():
    assert set(GRANT_OF_TOPIC) | PERSONAL == TOPICS


def test_streams_that_come_together_are_no_more_than_six(acme_owner):
    listener = live._listener(_request_of(acme_owner))

    async def open_at_once():
        streams = [live._events(listener) for _number in range(20)]
        first = await asyncio.gather(*(anext(stream, b"") for stream in streams))
        for stream in streams:
            await stream.aclose()
        return [line for line in first if line]

    assert len(asyncio.run(open_at_once())) == 6
    assert live._open[acme_owner.pk] == 0


def _request_of(user):
    request = RequestFactory().get(STREAM)
    request.user = user
    return request
