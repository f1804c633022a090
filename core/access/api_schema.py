"""What the documentation of the API holds: ours, and nothing of the admin's own."""

OURS = "/api/v1/"


def only_ours(endpoints: list[tuple], **_) -> list[tuple]:
    """Keep the addresses of our own API, for drf-spectacular."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith(OURS)]
