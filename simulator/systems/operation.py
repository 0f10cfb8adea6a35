"""One thing a system can be asked: the record it takes, the record it answers, and its place in the HTTP interface."""

from dataclasses import dataclass
from functools import cached_property
from typing import Generic, Protocol, TypeVar

from pydantic import TypeAdapter

Ask = TypeVar("Ask")
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Operation(Generic[Ask, Answer]):
    """A row of a system's interface. `path` begins with the plural of what it is about."""

    system: str
    method: str
    path: str
    ask: type[Ask]
    answer: type[Answer]

    @property
    def name(self) -> str:
        return f"{self.system} {self.method} {self.path}"

    @cached_property
    def ask_adapter(self) -> TypeAdapter[Ask]:
        return TypeAdapter(self.ask)

    @cached_property
    def answer_adapter(self) -> TypeAdapter[Answer]:
        return TypeAdapter(self.answer)


class Port(Protocol):
    """A way to ask one system: directly, or over HTTP. Raises SystemFailure."""

    def invoke(self, operation: Operation[Ask, Answer], ask: Ask) -> Answer: ...
