"""What every refusal of the books has in common."""


class Refused(Exception):
    """An act that a rule forbids; `message` is a French sentence for the person."""

    def __init__(self, message: object = "") -> None:
        super().__init__(message)
        self.message = str(message)
