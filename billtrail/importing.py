"""Importing a log, in both places: into a running platform through its door, and into a store that nobody runs.

Both put the file through the same journal as everything else. Imported again, it changes nothing.
"""

import json
import queue
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from billtrail.clock import Clock
from billtrail.configuration import Configuration
from billtrail.errors import BilltrailError
from billtrail.store import Store
from collector.imports import ImportReport, Progress, import_log, open_log
from collector.journal import Journal
from collector.metrics import CollectorMetrics
from collector.receive.auth import Gate
from collector.receive.problem import problem_response
from collector.receive.refusal import Refusal
from collector.run import Intake
from collector.settings import CollectorSettings
from correlators.run import Correlators
from correlators.settings import CorrelatorsSettings

PATH = "/api/v1/imports"

Step = dict[str, Any]
"""One line of an import's answer: `done` and `total`, at last `report`, or `error` and `hint`."""


def import_into(store: Store, configuration: Configuration, clock: Clock, path: Path, **words: Any) -> ImportReport:
    """Import into a store that this process owns, and follow it until every lifecycle is there.

    `words` are those of `import_log`. Raises PayloadError or StoreError.
    """
    metrics = CollectorMetrics(CollectorRegistry())
    intake = Intake(configuration.of(CollectorSettings), store, clock, metrics)
    intake.start()
    try:
        report = import_log(open_log(path), intake.events, clock, **words)
    finally:
        intake.stop()
    Correlators(store, clock, configuration.of(CorrelatorsSettings)).drain()
    return report


def build_import_route(find_journal: Callable[[], Journal], settings: CollectorSettings, clock: Clock) -> Route:
    """`POST /api/v1/imports?source=…`: the body is the log, the answer a line of JSON for each step of the way.

    Needs the token of the doors. The log is kept in a temporary file until it is in the journal.
    """
    gate = Gate(settings.tokens)

    async def receive(request: Request) -> Response:
        try:
            gate.admit(request.headers.get("authorization", ""))
        except Refusal as refusal:
            return problem_response(refusal)
        # Its name becomes the source's where none is given, so it goes into a folder and keeps it.
        folder = tempfile.TemporaryDirectory(prefix="billtrail-import-")
        path = Path(folder.name) / Path(request.query_params.get("name") or "log").name
        with path.open("wb") as file:
            async for chunk in request.stream():
                file.write(chunk)
        steps = _follow(folder, path, find_journal(), clock, request.query_params.get("source", ""))
        return StreamingResponse((json.dumps(step) + "\n" for step in steps), media_type="application/x-ndjson")

    return Route(PATH, receive, methods=["POST"])


def _follow(
    folder: "tempfile.TemporaryDirectory[str]", path: Path, journal: Journal, clock: Clock, source: str
) -> Iterator[Step]:
    steps: queue.Queue[Step] = queue.Queue()

    def note(done: int, total: int) -> None:
        steps.put({"done": done, "total": total})

    def work() -> None:
        steps.put(_import(path, journal, clock, source, note))

    with folder:
        thread = threading.Thread(target=work, name="import", daemon=True)
        thread.start()
        step: Step = {}
        while "report" not in step and "error" not in step:
            step = steps.get()
            yield step
        thread.join()


def _import(path: Path, journal: Journal, clock: Clock, source: str, note: Progress) -> Step:
    try:
        report = import_log(open_log(path), journal, clock, source=source, on_progress=note)
    except BilltrailError as error:
        return {"error": str(error), "hint": error.hint, "exit_code": error.exit_code}
    return {"report": asdict(report)}
