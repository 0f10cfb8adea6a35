"""What every stream of a source works with: where messages go, where positions and gaps are written, and the clock."""

from dataclasses import dataclass

from billtrail.clock import Clock
from collector.pull.cursors import Cursors
from collector.pull.gaps import Gaps
from collector.pull.metrics import PullMetrics
from collector.webhook.intake import SourceIntake


@dataclass(frozen=True, slots=True)
class Desk:
    """For one source and one thread: `cursors` and `gaps` are bound to that thread's lane of the store."""

    source: str
    intake: SourceIntake
    cursors: Cursors
    gaps: Gaps
    clock: Clock
    metrics: PullMetrics
