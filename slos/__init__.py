"""SLAs: judges every promise between two milestones on every single object, in business time.

Takes: OpenSLO v1 documents, business calendars, burn windows, exclusions, runbooks, a folder each; settings `[slos]`.
Gives: a verdict whenever one changes; each clock's newest verdict; error budgets, how fast they burn, and a finding
    `budget_burning` when people should know; reports of a period; backtests of documents; rules for Prometheus.
Reads table: milestone_rows, lifecycle_rows, lifecycle_event_rows, lifecycle_object_rows, journey_milestones,
    source_health, loop_cursors; for a backtest of journeys event_versions, object_declarations, span_links,
    segment_ledger.
Writes table: calendar_spans, calendar_closes, sla_definitions, sla_objective_rows, sla_exclusions, clock_verdicts
    (clock_rows follow it), sla_budget_rows, sla_burn_rows, sla_predictions, finding_rows (its own detector), audit_log,
    loop_cursors.
Runs as: one loop, `slos.run.run_forever`, one active instance; every step may be repeated.
"""

from billtrail.document.problem import Problem
from slos.judge import Judge
from slos.listing import list_slas, validate
from slos.run import run_forever
from slos.settings import SlosSettings
from slos.vocabulary import Milestone

__all__ = ["Judge", "Milestone", "Problem", "SlosSettings", "list_slas", "run_forever", "validate"]
