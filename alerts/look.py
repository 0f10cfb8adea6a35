"""Looking at clocks and findings: rows become observations. Reads what changed, and everything once in a while.

A verdict is new by `known_at`; a little is read twice (`OVERLAP`), because a verdict may be stored a moment after it
was known. A sweep reads the whole picture and is what finds that something is gone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from alerts.condition import Condition, Kind, Observation, Picture, Reason, fingerprint_of
from alerts.settings import AlertsSettings
from alerts.summary import Promise, money_words, summarize_finding, summarize_promise
from billtrail.model.vocabulary import ClockState
from billtrail.store import Row, Store

OVERLAP = timedelta(seconds=10)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

ENDINGS = {
    ClockState.MISSED: Reason.STEP_ARRIVED_LATE,
    ClockState.MET: Reason.STEP_WAS_IN_TIME,
    ClockState.CANCELLED: Reason.CANCELLED,
    ClockState.PAUSED: Reason.PAUSED,
    ClockState.RUNNING: Reason.DEADLINE_MOVED,
    ClockState.AT_RISK: Reason.DEADLINE_MOVED,
    ClockState.UNKNOWN: Reason.SOURCE_BEHIND,
}


@dataclass(frozen=True, slots=True)
class Seen:
    """How far the tables were read: newest row and count of verdicts and findings, and when everything was read."""

    clocks: tuple[datetime, int] = (EPOCH, 0)
    findings: tuple[int, int] = (0, 0)
    swept_at: datetime = EPOCH


class Lookout:
    """Reads the tables of other rooms. `look` answers with what to decide on; `seen` is set once that is done."""

    def __init__(self, store: Store, settings: AlertsSettings) -> None:
        self._store = store
        self._settings = settings
        self.seen = Seen()

    def look(self, changes: Mapping[str, Any], now: datetime) -> tuple[Picture, Seen]:
        """Read what moved since what was seen; everything when a sweep is due. Raises StoreError."""
        is_sweep = now >= self.seen.swept_at + timedelta(seconds=self._settings.sweep_every_s)
        until = Seen(
            (changes["clocks_until"], changes["clocks_count"]),
            (changes["findings_until"], changes["findings_count"]),
            now if is_sweep else self.seen.swept_at,
        )
        reads_findings = is_sweep or until.findings != self.seen.findings
        observations = [observe_clock(row, self._settings, now) for row in self._clocks(until, is_sweep)]
        if reads_findings:
            rows = self._store.rows("alerts", "findings_standing")
            observations += [observe_finding(row, self._settings) for row in rows]
        complete = [kind for kind, is_read in ((Kind.SLA, is_sweep), (Kind.DETECTOR, reads_findings)) if is_read]
        return Picture(tuple(observations), frozenset(complete)), until

    def _clocks(self, until: Seen, is_sweep: bool) -> list[Row]:
        if is_sweep:
            return self._store.rows("alerts", "clocks_standing")
        if until.clocks == self.seen.clocks:
            return []
        since = max(self.seen.clocks[0] - OVERLAP, EPOCH)
        return self._store.rows("alerts", "clocks_changed", {"since": since})


def observe_clock(row: Mapping[str, Any], settings: AlertsSettings, now: datetime) -> Observation:
    """Say what a clock's newest verdict means for alerts."""
    fingerprint = fingerprint_of(row["sla"], row["subject_key"], row["lifecycle_id"])
    state = ClockState(row["state"])
    if state is not ClockState.BREACHED:
        return Observation(fingerprint, ENDINGS[state])
    owner = row["clock_owner"] or row["sla_owner"]
    promise = Promise(
        object_type=row["object_type"] or row["subject_key"].partition(":")[2].partition(":")[0],
        subject=row["subject_key"],
        client=row["client"],
        start_milestone=row["start_milestone"] or "due",
        stop_milestones=tuple(row["stop_milestones"]),
        stop_roles=tuple(row["stop_roles"]),
        age=now - (row["started_at"] if row["start_milestone"] else row["due_at"]),
    )
    money = money_words(row["value_at_risk"], row["currency"])
    condition = Condition(
        kind=Kind.SLA,
        name=row["sla"],
        subject=row["subject_key"],
        severity=row["severity"] or "warning",
        summary=summarize_promise(promise, money, owner),
        owner=owner,
        value_at_risk=row["value_at_risk"],
        **_shared(row, row["sla"], settings),
    )
    return Observation(fingerprint, Reason.CLOCK_BREACHED, condition)


def observe_finding(row: Mapping[str, Any], settings: AlertsSettings) -> Observation:
    """Say what a finding means for alerts. Information does not alert."""
    fingerprint = fingerprint_of(row["detector"], row["subject_key"], row["lifecycle_id"])
    if row["resolved_at"] is not None or row["severity"] not in ("critical", "warning"):
        return Observation(fingerprint, Reason.FINDING_RESOLVED)
    money = money_words(row["amount"], row["currency"])
    condition = Condition(
        kind=Kind.DETECTOR,
        name=row["detector"],
        subject=row["subject_key"],
        severity=row["severity"],
        summary=summarize_finding(row["evidence"], row["client"], money, row["owner"]),
        owner=row["owner"],
        value_at_risk=row["amount"],
        **_shared(row, row["detector"], settings),
    )
    return Observation(fingerprint, Reason.FINDING_REPORTED, condition)


def runbook_link(runbook: str, name: str, base_url: str) -> str:
    """Complete a runbook's address: an absolute one stays, a relative or missing one is put under the base."""
    if "://" in runbook or not base_url:
        return runbook
    return f"{base_url.rstrip('/')}/{(runbook or name).lstrip('/')}"


def _shared(row: Mapping[str, Any], name: str, settings: AlertsSettings) -> dict[str, Any]:
    names: Iterable[str] = ("lifecycle_id", "currency", "client", "region", "legal_entity")
    runbook = runbook_link(row["runbook"], name, settings.runbook_base_url)
    return {**{key: row[key] for key in names}, "runbook": runbook}
