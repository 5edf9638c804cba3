"""What a request can be refused for, whichever door it came through."""


class Refused(Exception):  # noqa: N818  the request is, and nothing is wrong with the system
    """A request that cannot be met as things stand; each door has its own words for `code`."""

    def __init__(self, code: str) -> None:
        """Say why, by a stable code."""
        super().__init__(code)
        self.code = code
