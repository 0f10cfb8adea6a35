"""The one tree of errors: each class says whose turn it is and whether trying again helps.

A message says what went wrong, where, what was expected, what was there and what to do next. It never carries a secret
or a whole payload. `hint` is the next step, printed on a line of its own by the command line.
"""


class BilltrailError(Exception):
    """The root of everything Billtrail raises on purpose."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class SettingsError(BilltrailError):
    """The operator's turn: a setting, a document or a command is wrong. Trying again unchanged does not help."""

    exit_code = 2


class PayloadError(BilltrailError):
    """The sender's turn: a body cannot be used. Answered with a 4xx or kept as a dead letter.

    `where` is the path inside the payload, such as `events[3].type`.
    """

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.where = where


class StoreError(BilltrailError):
    """A dependency's turn: the engine refused or is away. Trying again later helps when `is_transient`.

    With `needs_memory`, so may asking for less at once.
    """

    def __init__(self, message: str, *, is_transient: bool = False, needs_memory: bool = False, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.is_transient = is_transient
        self.needs_memory = needs_memory


class DeliveryError(BilltrailError):
    """A receiver's turn: something could not be handed over. Trying again helps unless `is_permanent`."""

    def __init__(self, message: str, *, is_permanent: bool = False, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.is_permanent = is_permanent


class InvariantError(BilltrailError):
    """Our turn: something that cannot be has happened. Trying again does not help; please report it."""
