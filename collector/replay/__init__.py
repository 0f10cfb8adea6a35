"""The way back of dead letters: through the journal again, like everything else."""

from collector.replay.choice import Choice, ReplayReport, ReplayWish
from collector.replay.replay import replay

__all__ = ["Choice", "ReplayReport", "ReplayWish", "replay"]
