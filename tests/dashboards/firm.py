"""A plausible firm for the pages: contracts at every stage in three currencies, promises kept and broken, failed runs.

Rows as the other rooms leave them, written straight into their tables. The same seed gives the same firm, moved so that
it ends at `now`.
"""

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from billtrail.store import Store

CLIENTS = (
    "Acme GmbH", "Brightwater Ltd", "Cobalt Energy", "Delphi Analytics", "Elm & Partners", "Fjord Shipping",
    "Glasshouse", "Harrow Institute", "Ionic Systems", "Juniper Health", "Kestrel Rail", "Lumen Media", "Mosaic Bank",
    "Northgate",
)  # fmt: skip
ENTITIES = (("EMEA", "DE01", "EUR"), ("EMEA", "UK01", "GBP"), ("AMER", "US01", "USD"), ("APAC", "AU01", "EUR"))
MODELS = ("time_and_materials", "fixed_fee", "milestone", "retainer")
TIME = {"time_and_materials"}
FIXED = set(MODELS) - TIME
# name, event, object type, system, owner, billing models (empty: all), once per lifecycle, optional
MILESTONES: tuple[tuple[str, str, str, str, str, set[str], bool, bool], ...] = (
    ("opportunity_won", "opportunity.won", "opportunity", "crm", "sales-operations", set(), True, True),
    ("contract_signed", "contract.signed", "contract", "crm", "sales-operations", set(), True, False),
    ("project_in_psa", "project.created", "project", "psa", "pmo", set(), True, False),
    ("project_in_erp", "project.created", "project", "erp", "finance-systems", set(), True, False),
    ("time_approved", "time.approved", "time_entry", "psa", "pmo", TIME, False, False),
    ("time_posted", "time.posted", "time_entry", "erp", "finance-systems", TIME, False, False),
    ("milestone_approved", "milestone.approved", "billing_milestone", "psa", "pmo", FIXED, False, False),
    ("billing_ready", "billing.ready", "billing_milestone", "erp", "finance-systems", FIXED, False, False),
    ("invoice_issued", "invoice.issued", "invoice", "erp", "accounts-receivable", set(), False, False),
    ("invoice_visible_in_crm", "invoice.status_synced", "invoice", "crm", "integration-team", set(), False, False),
    ("payment_received", "payment.received", "payment", "erp", "accounts-receivable", set(), False, False),
)
# sla, display name, object type, start, stops, hours, target, owner
PROMISES = (
    ("project-setup", "Project set up in PSA and ERP", "contract", "contract_signed",
     ("project_in_psa", "project_in_erp"), 16, 0.95, "pmo"),
    ("time-posting", "Approved time posted to ERP", "time_entry", "time_approved", ("time_posted",), 8, 0.98,
     "finance-systems"),
    ("billing-readiness", "Approved milestone ready to bill", "billing_milestone", "milestone_approved",
     ("billing_ready",), 16, 0.95, "finance-systems"),
    ("invoice-status-propagation", "Invoice visible in CRM", "invoice", "invoice_issued",
     ("invoice_visible_in_crm",), 4, 0.97, "integration-team"),
)  # fmt: skip
ERRORS = (
    ("timeout", "POST /invoices did not answer within 30 s"),
    ("validation", "rate card RC-7 has no price for role 'Principal' after 2026-01-01"),
    ("mapping", "cost centre 'CC 12' is unknown to the ledger"),
)

Row = dict[str, Any]


def seed_firm(store: Store, now: datetime, contracts: int = 160, seed: int = 7) -> list[Row]:
    """Write the firm and answer its lifecycles as they were written."""
    tables: dict[str, list[Row]] = defaultdict(list)
    _declare(tables)
    chance = random.Random(seed)
    for number in range(1, contracts + 1):
        _Contract(tables, chance, number, now).live()
    _collect_alerts(tables, now)
    _add_surroundings(tables, now)
    for table, rows in tables.items():
        store.insert(table, rows)
    return tables["lifecycle_rows"]


def _declare(tables: dict[str, list[Row]]) -> None:
    for position, (name, event, kind, system, owner, models, is_once, is_optional) in enumerate(MILESTONES):
        row = {"journey": "quote_to_cash", "milestone": name, "position": position, "event_type": event}
        row |= {"systems": [system], "object_type": "contract" if name.startswith("project_in") else kind}
        row |= {"billing_models": sorted(models), "is_repeatable": not is_once, "is_optional": is_optional}
        measure = {"invoice_issued": "invoiced", "payment_received": "paid", "contract_signed": "value"}.get(name, "")
        tables["journey_milestones"].append({**row, "measure": measure, "owner": owner, "version": 1})
    for sla, title, kind, start, stops, hours, target, owner in PROMISES:
        row = {"sla": sla, "display_name": title, "journey": "quote_to_cash", "object_type": kind}
        row |= {"start_milestone": start, "stop_milestones": list(stops), "duration_ms": hours * 3_600_000}
        row |= {"target_ratio": target, "severity": "critical", "owner": owner, "window_days": 28}
        tables["sla_definitions"].append({**row, "runbook": f"https://runbooks.example/{sla}", "version": 1})


class _Contract:
    """One contract living through its steps until they reach the present."""

    def __init__(self, tables: dict[str, list[Row]], chance: random.Random, number: int, now: datetime) -> None:
        self.tables, self.chance, self.number, self.now = tables, chance, number, now
        self.region, self.entity, self.currency = ENTITIES[number % len(ENTITIES)]
        self.model = MODELS[(number // 3) % len(MODELS)]
        self.client = CLIENTS[number % len(CLIENTS)]
        self.id = f"crm:contract:C-{1000 + number}"
        self.at = now - timedelta(days=chance.uniform(2, 300), hours=chance.uniform(0, 24))
        self.reached: dict[str, datetime] = {}
        self.failed: set[str] = set()
        self.billings: list[tuple[str, datetime, datetime, Decimal]] = []
        self.money = dict.fromkeys(("value", "approved", "invoiced", "paid"), Decimal(0))
        self.counts = {"event": 0, "error": 0}
        self.last_at = self.at
        self.stage = ""
        self.children = itertools_from(number)

    def live(self) -> None:
        self.money["value"] = Decimal(self.chance.randrange(20, 900)) * 1000
        self._step("opportunity_won", f"crm:opportunity:O-{self.number}", days=-20)
        self._step("contract_signed", self.id, amount=self.money["value"])
        signed_at = self.at
        if self._wait(0.2, 2.5):
            self._step("project_in_psa", self.id, f"psa:project:P-{self.number}")
        if self._wait(0.1, 2) and self.number % 17:
            self._step("project_in_erp", self.id, f"erp:project:{70000 + self.number}")
        self._promise("project-setup", self.id, signed_at, self.reached.get("project_in_erp"), self.money["value"])
        while "project_in_erp" in self.reached and self.money["approved"] < self.money["value"] and self._bill_once():
            pass
        self._write()

    def _bill_once(self) -> bool:
        """Approve some work, hand it over, invoice it, have it paid. Answers whether there is time for more."""
        key = next(self.children)
        amount = (self.money["value"] / self.chance.randrange(2, 6)).quantize(Decimal("0.01"))
        is_time = self.model in TIME
        if not self._wait(6, 30):
            return False
        kind, first, second, sla = (
            ("time_entry", "time_approved", "time_posted", "time-posting")
            if is_time
            else ("billing_milestone", "milestone_approved", "billing_ready", "billing-readiness")
        )
        work, approved_at = f"psa:{kind}:W-{key}", self.at
        self._step(first, work, amount=amount, measure="approved")
        fails = self.chance.random() < 0.12
        done_at = None
        if fails:
            self._fail(second, work)
        if self._wait(0.05, 4 if fails else 0.9) and not (fails and self.chance.random() < 0.5):
            self._step(second, work, f"erp:{kind}:{key}", amount=amount)
            done_at = self.at
        self._promise(sla, work, approved_at, done_at, amount)
        if done_at is None or not self._wait(0.3, 9):
            return False
        invoice, issued_at = f"erp:invoice:{8000 + key}", self.at
        self._step("invoice_issued", invoice, amount=amount, measure="invoiced")
        self.billings.append((invoice, approved_at, issued_at, amount))
        is_seen = self._wait(0.01, 0.4)
        if is_seen:
            self._step("invoice_visible_in_crm", invoice, f"crm:invoice:a0I{key}")
        self._promise("invoice-status-propagation", invoice, issued_at, self.at if is_seen else None, amount)
        if self._wait(10, 45):
            self._step("payment_received", f"erp:payment:PAY-{key}", amount=amount, measure="paid")
        return self.at < self.now

    def _wait(self, least: float, most: float) -> bool:
        self.at += timedelta(days=self.chance.uniform(least, most))
        return self.at < self.now

    def _step(
        self,
        milestone: str,
        key: str,
        other: str = "",
        *,
        amount: Decimal = Decimal(0),
        measure: str = "",
        days: float = 0,
    ) -> None:
        declared = next(entry for entry in MILESTONES if entry[0] == milestone)
        at = self.at + timedelta(days=days)
        self._event(declared[1], declared[3], other or key, at, milestone, amount=amount)
        for object_key in filter(None, (key, other)):
            self._object(object_key, key)
        row = {"lifecycle_id": self.id, "milestone": milestone, "subject_key": key, "object_type": declared[2]}
        row |= {"reached_at": at, "outcome": "success", "attempts": 1, "system": declared[3], "amount": amount}
        self.tables["milestone_rows"].append({**row, "currency": self.currency, "version": 1})
        self.reached.setdefault(milestone, at)
        self.failed.discard(milestone)
        self.stage = milestone
        if measure:
            self.money[measure] += amount

    def _fail(self, milestone: str, key: str) -> None:
        category, message = self.chance.choice(ERRORS)
        run, trace = f"run-{self.number}-{self.counts['event']}", f"{self.chance.getrandbits(128):032x}"
        self._event("integration.failed", "erp", key, self.at, "", failure=(category, message), run=run, trace=trace)
        self.failed.add(milestone)
        self.counts["error"] += 1
        base = {"ServiceName": "psa-to-erp", "correlation_id": run, "system": "erp", "source": "otlp"}
        for index, (name, status) in enumerate((("sync approved work", 2), ("POST", 2), ("GET", 1))):
            span = {"Timestamp": self.at + timedelta(milliseconds=40 * index), "TraceId": bytes.fromhex(trace)}
            span |= {"SpanId": self.chance.randbytes(8), "SpanName": name, "SpanKind": 3 if index else 1}
            span |= {"Duration": 30_000_000_000 if index else 31_000_000_000, "StatusCode": status}
            span |= {"StatusMessage": message if status == 2 else "", **base}
            attributes = {"billtrail.correlation_id": run, "billtrail.system": "erp", "http.request.method": name}
            attributes |= {f"billtrail.object.{key.split(':')[1]}": key, "billtrail.error_category": category}
            self.tables["span_records"].append({**span, "SpanAttributes": attributes})
        self.tables["span_keys"].append({"key": f"trace::{trace}", "trace_id": trace, "object_keys": [key]})

    def _event(
        self, event_type: str, system: str, key: str, at: datetime, milestone: str, *,
        amount: Decimal = Decimal(0), failure: tuple[str, str] = ("", ""), run: str = "", trace: str = "",
    ) -> None:  # fmt: skip
        self.counts["event"] += 1
        event_id = f"{self.number}-{self.counts['event']}"
        outcome = "failure" if failure[0] else "success"
        shared = {"source": f"/{system}", "event_id": event_id, "event_type": event_type, "system": system}
        shared |= {"occurred_at": at, "outcome": outcome, "error_category": failure[0], "amount": amount}
        shared |= {"currency": self.currency, "trace_id": trace}
        shared["correlation_id"] = run or f"corr-{self.number}-{self.counts['event']}"
        own = {
            "lifecycle_id": self.id,
            "object_key": key,
            "milestone": milestone,
            "confidence": "declared",
            "version": 1,
        }
        self.tables["lifecycle_event_rows"].append({**shared, **own})
        kind = key.split(":")
        raw = {"received_at": at + timedelta(seconds=2), "objects": [(kind[1], kind[0], kind[2], "subject")]}
        raw |= {"attributes": {"message": failure[1]} if failure[1] else {}, "segment": 1}
        self.tables["event_versions"].append({**shared, **raw})
        self.last_at = max(self.last_at, at)

    def _object(self, key: str, cluster: str) -> None:
        system, kind, bare = key.split(":")
        named = {"object_key": key, "object_type": kind, "cluster_key": cluster, "version": 1}
        self.tables["lifecycle_object_rows"].append({**named, "lifecycle_id": self.id})
        self.tables["object_rows"].append({**named, "system": system, "id": bare, "lifecycle_ids": [self.id]})
        relation = {"from_key": key, "to_key": self.id if key == cluster else cluster, "version": 1}
        relation |= {"kind": "part_of" if key == cluster else "same_as", "rule": "declared"}
        if relation["to_key"] != key:
            self.tables["relation_rows"].append({**relation, "event_id": f"{self.number}-{self.counts['event']}"})

    def _promise(self, sla: str, key: str, start: datetime, stop: datetime | None, amount: Decimal) -> None:
        hours = next(entry[5] for entry in PROMISES if entry[0] == sla) * 3
        due = start + timedelta(hours=hours)
        if stop is None:
            share = (self.now - start) / (due - start)
            state = "breached" if share > 1 else "at_risk" if share > 0.75 else "running"
        else:
            state = "met" if stop <= due else "missed"
        end = stop or self.now
        row = {"sla": sla, "lifecycle_id": self.id, "subject_key": key, "known_at": end, "state": state}
        row |= {"started_at": start, "at_risk_at": start + (due - start) * 0.75, "due_at": due, "stopped_at": stop}
        row |= {"elapsed_business_ms": int((end - start).total_seconds() * 1000 / 3), "value_at_risk": amount}
        row |= {"currency": self.currency, "owner": next(entry[7] for entry in PROMISES if entry[0] == sla)}
        row |= {"client": self.client, "region": self.region, "legal_entity": self.entity, "billing_model": self.model}
        self.tables["clock_verdicts"].append(row)

    def _write(self) -> None:
        took = [(issued - approved).total_seconds() * 1000 for _, approved, issued, _ in self.billings]
        is_done = self.money["paid"] >= self.money["value"]
        self.tables["lifecycle_rows"].append(
            {
                "lifecycle_id": self.id, "kind": "contract", "root_key": self.id, "journey": "quote_to_cash",
                "client": self.client, "region": self.region, "legal_entity": self.entity,
                "billing_model": self.model, "owner": "pmo@firm.example", "currency": self.currency,
                "contract_value": self.money["value"], "stage": self.stage,
                "state": "done" if is_done else "failed" if self.failed else "open",
                "started_at": self.reached["opportunity_won"], "last_event_at": self.last_at,
                "milestones": self.reached, "milestone_states": self._states(),
                "event_count": self.counts["event"], "span_count": 3 * self.counts["error"],
                "error_count": self.counts["error"], "approved_amount": self.money["approved"],
                "invoiced_amount": self.money["invoiced"], "paid_amount": self.money["paid"],
                "unbilled_amount": self.money["approved"] - self.money["invoiced"],
                "time_to_bill_ms": int(sum(took) / len(took)) if took else None, "billings": self.billings,
                "systems": ["crm", "erp", "psa"], "object_count": 4, "version": 1,
            }
        )  # fmt: skip

    def _states(self) -> dict[str, str]:
        return {
            name: "done" if name in self.reached
            else "not_applicable" if models and self.model not in models
            else "failed" if name in self.failed
            else "pending"
            for name, _, _, _, _, models, _, _ in MILESTONES
        }  # fmt: skip


def itertools_from(number: int) -> Iterator[int]:
    """Number the children of a contract so that no two contracts share one."""
    return iter(range(number * 20, number * 20 + 20))


def _collect_alerts(tables: dict[str, list[Row]], now: datetime) -> None:
    """Open an alert for every breached clock, as the alerts room does; some taken, one resolved, one refused."""
    breached = [clock for clock in tables["clock_verdicts"] if clock["state"] == "breached"]
    for index, clock in enumerate(breached):
        resolved_at = now - timedelta(hours=3) if index % 9 == 8 else None
        state = "resolved" if resolved_at else "acknowledged" if index % 5 == 4 else "firing"
        subject, kind = clock["subject_key"], clock["subject_key"].split(":")[1].replace("_", " ")
        title = next(entry[1] for entry in PROMISES if entry[0] == clock["sla"])
        row = {"alert_id": f"alert-{index}", "fingerprint": f"{index:016x}", "name": clock["sla"], "state": state}
        row |= {"severity": "critical" if index % 3 else "warning", "subject": subject}
        row |= {"lifecycle_id": clock["lifecycle_id"], "owner": clock["owner"], "currency": clock["currency"]}
        row |= {"summary": f"{kind.capitalize()} {subject} of {clock['client']}: “{title}” is overdue"}
        row |= {"labels": {"client": clock["client"]}, "value_at_risk": clock["value_at_risk"]}
        row |= {"runbook": f"https://runbooks.example/{clock['sla']}", "started_at": clock["due_at"]}
        row |= {"acknowledged_by": "ada" if state == "acknowledged" else "", "resolved_at": resolved_at, "version": 1}
        tables["alert_rows"].append(row)
        outcome = "failed" if index % 11 == 10 else "pending" if index % 7 == 6 else "sent"
        told = {
            "notification_id": f"n-{index}",
            "firing_ids": [row["alert_id"]],
            "channel": "slack" if index % 2 else "console",
        }
        told |= {"kind": "firing", "attempt": 1, "outcome": outcome, "due_at": now - timedelta(minutes=index)}
        told |= {"reason": "HTTP 503 from the receiver" if outcome == "failed" else "", "version": 1}
        tables["notification_rows"].append({**told, "sent_at": told["due_at"] if outcome == "sent" else None})


def _add_surroundings(tables: dict[str, list[Row]], now: datetime) -> None:
    for index, lifecycle in enumerate(tables["lifecycle_rows"][:6]):
        finding = {"detector": "rejected-step" if index % 2 else "invoice-issued-twice", "severity": "warning"}
        finding |= {"lifecycle_id": lifecycle["lifecycle_id"], "subject_key": lifecycle["root_key"]}
        finding |= {"amount": Decimal("1200.00"), "currency": lifecycle["currency"], "owner": "accounts-receivable"}
        finding |= {"evidence": f"{lifecycle['root_key']} was tried three times and refused", "version": 1}
        finding |= {"first_seen_at": now - timedelta(days=index), "resolved_at": None if index % 3 else now}
        tables["finding_rows"].append({**finding, "runbook": "rejected-step"})
    for index in range(7):
        letter = {"dead_letter_id": f"d-{index}", "door": "cloudevents", "source": "/psa" if index % 3 else "/erp"}
        letter |= {
            "reason": "missing_field" if index % 2 else "unknown_type",
            "detail": "data.objects: expected a list",
        }
        letter |= {"received_at": now - timedelta(hours=index), "body": "{}", "version": 1}
        tables["dead_letter_rows"].append(letter)
    quiet = {"source": "/hr", "event_id": "quiet", "system": "hr", "event_type": "worker.hired", "segment": 1}
    tables["event_versions"].append({**tables["event_versions"][0], **quiet, "received_at": now - timedelta(days=4)})
