"""What every refusal of this app has in common."""


class Refused(Exception):
    """An act that a rule forbids; `message` tells the person why."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
