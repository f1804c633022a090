"""Errors are reported where the settings say so, without what people must not read."""

import pytest
import sentry_sdk
from sentry_sdk.transport import Transport

from nourx_site import observation


@pytest.fixture
def reports(settings, monkeypatch):
    """Start the reports, and keep them here."""
    kept = []

    class Kept(Transport):
        def capture_envelope(self, envelope):
            kept.extend(filter(None, (item.get_event() for item in envelope.items)))

    settings.SENTRY_DSN = "https://cle@sentry.example/1"
    started = sentry_sdk.init
    monkeypatch.setattr(sentry_sdk, "init", lambda **facts: started(transport=Kept, **facts))
    observation.start()
    yield kept
    started(dsn=None)


def test_an_error_is_reported_without_its_secrets(reports):
    password = "apikey=tres-secret"
    try:
        raise ValueError(f"/p/ABCDEFGHJKLMNPQRSTUV.signature {password} 07 07 07 07 00")
    except ValueError as error:
        sentry_sdk.capture_exception(error)

    said = str(reports[0])
    assert "ValueError" in said
    assert not any(word in said for word in ("ABCDEFGHJKLM", "tres-secret", "07 07 07 07 00"))


def test_nothing_is_reported_without_a_project(settings, monkeypatch):
    settings.SENTRY_DSN = ""
    started = []
    monkeypatch.setattr(sentry_sdk, "init", lambda **facts: started.append(facts))

    observation.start()

    assert started == []
