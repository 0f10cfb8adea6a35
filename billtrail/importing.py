"""Importing a log, in both places: into a running platform through its door, and into a store that nobody runs.

Both put the file through the same journal as everything else. Imported again, it changes nothing.
"""

import json
import logging
import queue
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from billtrail.clock import Clock
from billtrail.configuration import Configuration
from billtrail.errors import BilltrailError, StoreError
from billtrail.store import Store
from collector.imports import ImportReport, Manner, Progress, import_log, open_log
from collector.journal import Journal
from collector.metrics import CollectorMetrics
from collector.receive.auth import Gate, admit_operator
from collector.receive.problem import problem_response
from collector.receive.refusal import Refusal, malformed, too_large
from collector.run import Intake
from collector.settings import CollectorSettings
from correlators.run import Correlators
from correlators.settings import CorrelatorsSettings

log = logging.getLogger("billtrail.import")

PATH = "/api/v1/imports"
FILE_NAME = "log"
CHUNK_BYTES = 1 << 20
REPORT_IT = "the platform's log says where; please report it"

Step = dict[str, Any]
"""One line of an import's answer: `done` and `total`, at last `report`, or `error` and `hint`."""


Audit = Callable[[str, ImportReport], None]
"""Notes in the audit log who imported what."""


def import_into(
    store: Store, configuration: Configuration, clock: Clock, path: Path, *,
    manner: Manner, actor: str = "", source: str = "", on_progress: Progress | None = None,
) -> ImportReport:  # fmt: skip
    """Import into a store that this process owns, and follow it until every lifecycle is there.

    Raises PayloadError, SettingsError or StoreError.
    """
    metrics = CollectorMetrics(CollectorRegistry())
    intake = Intake(configuration.of(CollectorSettings), store, clock, metrics)
    intake.start()
    try:
        report = import_log(open_log(path, manner), intake.events, clock, source=source, on_progress=on_progress)
    finally:
        intake.stop()
    audit_in(store, clock)(actor, report)
    Correlators(store, clock, configuration.of(CorrelatorsSettings)).drain()
    return report


def audit_in(store: Store, clock: Clock) -> Audit:
    """Write the audit entries of imports into a store, one at a time."""
    turn = threading.Lock()

    def audit(actor: str, report: ImportReport) -> None:
        row = {"at": clock.now(), "actor": actor, "role": "operator", "action": "import", "target": report.source}
        with turn:
            details = json.dumps(asdict(report), ensure_ascii=False)
            store.insert("audit_log", [row | {"reason": "", "details": details}])

    return audit


def build_import_route(
    find_journal: Callable[[], Journal], settings: CollectorSettings, clock: Clock, audit: Audit | None = None
) -> Route:
    """`POST /api/v1/imports?source=…&name=…&manner=…&actor=…`: the body is the log, the answer a line of JSON for each
    step of the way. `manner` is a `Manner` as JSON.

    Needs the token of the doors; where there is none, pages of the web are refused. What is larger than
    `max_import_bytes` is refused with 413. The log is kept in a temporary file until it is in the journal.
    """
    gate = Gate(settings.tokens, settings.tokens_file)

    async def receive(request: Request) -> Response:
        folder = tempfile.TemporaryDirectory(prefix="billtrail-import-")
        try:
            admit_operator(gate, request)
            await _keep(request, Path(folder.name) / FILE_NAME, settings.max_import_bytes)
        except Refusal as refusal:
            folder.cleanup()
            return problem_response(refusal)
        except BaseException:
            folder.cleanup()
            raise
        words = {name: request.query_params.get(name, "") for name in ("name", "source", "manner", "actor")}
        steps = _follow(Upload(folder, **words), find_journal(), clock, audit)
        return StreamingResponse((json.dumps(step) + "\n" for step in steps), media_type="application/x-ndjson")

    return Route(PATH, receive, methods=["POST"])


async def _keep(request: Request, path: Path, limit: int) -> None:
    """Write the body to a file, in a thread, refusing what is too large as soon as that is known."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limit:
        raise too_large("the log", limit)
    size, waiting = 0, bytearray()
    with path.open("wb") as file:
        try:
            async for chunk in request.stream():
                waiting += chunk
                size += len(chunk)
                if size > limit:
                    raise too_large("the log", limit)
                if len(waiting) >= CHUNK_BYTES:
                    await run_in_threadpool(file.write, bytes(waiting))
                    waiting.clear()
        except ClientDisconnect as error:
            raise malformed("the sender left before the end of the log") from error
        await run_in_threadpool(file.write, bytes(waiting))


@dataclass(frozen=True, slots=True)
class Upload:
    """A log that was sent: where it lies, and what its sender calls it. Its name is the source where none is given."""

    folder: "tempfile.TemporaryDirectory[str]"
    name: str
    source: str
    manner: str = ""
    actor: str = ""

    @property
    def path(self) -> Path:
        return Path(self.folder.name) / FILE_NAME


def _follow(upload: Upload, journal: Journal, clock: Clock, audit: Audit | None) -> Iterator[Step]:
    """Import in a thread, which goes on to its end when nobody listens any more."""
    steps: queue.Queue[Step] = queue.Queue()

    def work() -> None:
        with upload.folder:
            step = _import(upload, journal, clock, lambda done, total: steps.put({"done": done, "total": total}))
            if audit and "report" in step:
                _audit(audit, upload.actor, step)
        steps.put(step)

    threading.Thread(target=work, name="import", daemon=True).start()
    return _until_last(steps)


def _audit(audit: Audit, actor: str, step: Step) -> None:
    """An entry that cannot be written does not undo the import: it is told in the log of the platform."""
    try:
        audit(actor, ImportReport(**step["report"]))
    except StoreError:
        log.exception("an import could not be noted in the audit log: %s", step["report"]["source"])


def _until_last(steps: "queue.Queue[Step]") -> Iterator[Step]:
    step: Step = {}
    while "report" not in step and "error" not in step:
        step = steps.get()
        yield step


def _import(upload: Upload, journal: Journal, clock: Clock, note: Progress) -> Step:
    """Answer the last step, whatever happens: the sender waits for it."""
    source = upload.source or Path(upload.name).stem or FILE_NAME
    try:
        manner = Manner.model_validate_json(upload.manner or "{}")
        report = import_log(open_log(upload.path, manner), journal, clock, source=source, on_progress=note)
    except ValidationError as error:
        return {"error": f"manner: {error.errors()[0]['msg']}", "hint": "", "exit_code": 2}
    except BilltrailError as error:
        told = str(error).replace(str(upload.path), upload.name or FILE_NAME)
        return {"error": told, "hint": error.hint, "exit_code": error.exit_code}
    except Exception as error:
        log.exception("an import ended in an error that was not foreseen")
        return {"error": f"the import failed: {type(error).__name__}: {error}", "hint": REPORT_IT, "exit_code": 1}
    return {"report": asdict(report)}
