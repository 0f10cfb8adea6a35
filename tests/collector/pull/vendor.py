"""A vendor with an HTTP interface, on a real port: answers what the test says, and remembers what it was asked."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.support.asgi_server import serving


@dataclass
class Asked:
    """One request as it came in."""

    method: str
    url: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Answer = Callable[[Asked], Response]


def answer_nothing(asked: Asked) -> Response:
    return JSONResponse({"items": []})


@dataclass
class Vendor:
    """`answers` are given in turn; when none is left, `usual` answers."""

    url: str = ""
    usual: Answer = answer_nothing
    answers: list[Response | Answer] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

    def forget(self) -> None:
        self.usual, self.answers, self.asked = answer_nothing, [], []

    async def answer(self, request: Request) -> Response:
        asked = Asked(
            request.method,
            str(request.url),
            request.url.path,
            dict(request.query_params),
            dict(request.headers),
            await request.body(),
        )
        self.asked.append(asked)
        answer = self.answers.pop(0) if self.answers else self.usual
        return answer if isinstance(answer, Response) else answer(asked)


@contextmanager
def running_vendor() -> Iterator[Vendor]:
    vendor = Vendor()
    app = Starlette(routes=[Route("/{path:path}", vendor.answer, methods=["GET", "POST"])])
    with serving(app) as url:
        vendor.url = url
        yield vendor
