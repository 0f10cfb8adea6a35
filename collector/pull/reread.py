"""Reads records again of which a gap event says only that they changed: over Salesforce's REST interface.

One `step` reads a few. A record that is gone is done with; whatever else goes wrong is waited out, and the gap stays
open. What was read becomes a change of every field that has a value: a state that was told before is told again.
"""

import json
import logging
import re
from datetime import timedelta

import httpx

from billtrail.errors import BilltrailError
from billtrail.store import Row
from collector.pull.authorize import ClientCredentials
from collector.pull.backoff import Backoff
from collector.pull.change import write_reread
from collector.pull.desk import Desk
from collector.webhook.intake import SourceDoor

log = logging.getLogger(__name__)

_API = "/services/data/v60.0/sobjects"
_AT_ONCE = 20
_EVERY_S = 30
_NAME = re.compile(r"[A-Za-z0-9_]+")


class Rereader:
    """The gaps of one stream of one source, for one thread. `due_at` is when `step` has something to do again."""

    def __init__(
        self, desk: Desk, stream: str, token: ClientCredentials, client: httpx.Client, backoff: Backoff | None = None
    ) -> None:
        self.name = f"{desk.source}/{stream}/read again"
        self.due_at = desk.clock.now()
        self.last_error = ""
        self._desk = desk
        self._stream = stream
        self._token = token
        self._client = client
        self._backoff = backoff or Backoff()

    def step(self) -> int:
        """Read some records again when it is time; answer how many."""
        now = self._desk.clock.now()
        if now < self.due_at:
            return 0
        try:
            rows = self._desk.gaps.find_records(self._stream, _AT_ONCE)
            for row in rows:
                self._read(row)
        except (BilltrailError, httpx.HTTPError, ValueError) as error:
            self._token.forget()
            wait_s = self._backoff.fail()
            self.last_error = f"{type(error).__name__}: {error}"
            log.warning("%s: %s; trying again in %.0f s", self.name, self.last_error, wait_s)
            self.due_at = now + timedelta(seconds=wait_s)
            return 0
        self._backoff.succeed()
        self.last_error = ""
        self.due_at = now + timedelta(seconds=0 if len(rows) == _AT_ONCE else _EVERY_S)
        return len(rows)

    def _read(self, row: Row) -> None:
        entity, _, record = row["record"].partition("/")
        if _NAME.fullmatch(entity) and _NAME.fullmatch(record):
            token = self._token.find() or self._token.take(self._client.send(self._token.ask()))
            response = self._client.get(
                f"{token.instance_url}{_API}/{entity}/{record}", headers={"authorization": f"Bearer {token.text}"}
            )
            if response.status_code != httpx.codes.NOT_FOUND:
                response.raise_for_status()
                self._keep(row, entity, record, response)
        self._desk.gaps.resolve(row)

    def _keep(self, row: Row, entity: str, record: str, response: httpx.Response) -> None:
        fields = json.loads(response.content)
        if not isinstance(fields, dict):
            raise ValueError(f"{entity}/{record} is no JSON object")
        body = write_reread(entity, record, row["detail"], fields, row["gap_id"])
        self._desk.intake.keep(self._desk.source, SourceDoor.PULL, [body])
