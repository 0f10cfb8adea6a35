"""What the roof calls: the correlation loop, and the detectors every so often in the same thread.

A step costs much the same for one event as for a thousand. So where little comes in, what comes is taken together, and
the loop rests at least as long as a step took; where a whole batch was waiting, it does not rest.
"""

import threading
import time
from collections.abc import Callable

from billtrail.clock import Clock
from billtrail.store import Store
from correlators.compile import compile_journeys
from correlators.detect import DetectLoop, read_detectors
from correlators.journey import Journey, read_journeys
from correlators.rebuild import Rebuild
from correlators.settings import CorrelatorsSettings
from correlators.stitch import Stitcher

# Fewer events than this in a step are light traffic.
LIGHT_EVENTS = 500


class Correlators:
    """The room as one loop. `step` correlates a batch; when that was all and their time has come, detectors run.

    A rebuild that somebody asked for begins before a step; until it is over no detector runs, for lifecycles are not
    whole. `may_forget` is asked before it begins: whether those who judge and notify hold still.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        settings: CorrelatorsSettings,
        may_forget: Callable[[], bool] = lambda: True,
    ) -> None:
        self.journeys: list[Journey] = read_journeys(settings.journeys)
        compile_journeys(store, self.journeys, int(clock.now().timestamp()))
        self._batch_events = settings.batch_events
        self._stitcher = Stitcher(store, clock, settings.batch_events)
        self._rebuild = Rebuild(store, clock, may_forget)
        self._detect = DetectLoop(store, clock, read_detectors())
        self._detect_every_s = settings.detect_every_ms / 1000
        self._detected_at = float("-inf")
        self.took_s = 0.0
        """How long the last step of correlation took, detectors not counted."""

    @property
    def is_behind(self) -> bool:
        """Whether a backlog is under way: more will come at once."""
        return self._stitcher.is_behind

    def step(self) -> int:
        """Do one bounded piece of work. Answers with how many records were correlated."""
        started = time.monotonic()
        done, is_whole = self._correlate()
        self.took_s = time.monotonic() - started
        is_all = done < self._batch_events and not self.is_behind
        if is_whole and is_all and time.monotonic() - self._detected_at >= self._detect_every_s:
            self._detect.step()
            self._detected_at = time.monotonic()
        return done

    def drain(self) -> int:
        """Correlate everything that is there, then detect once. Answers with how many records that were."""
        total = 0
        while True:
            done, is_whole = self._correlate()
            total += done
            if not done:
                break
        if is_whole:
            self._detect.step()
        return total

    def _correlate(self) -> tuple[int, bool]:
        """Take a step. Answers with how many records it took, and whether lifecycles are whole: no rebuild goes on."""
        is_rebuilding = self._rebuild.begin(self._stitcher.forget)
        done = self._stitcher.step()
        return done, not is_rebuilding or self._rebuild.end()


def milestone_names(settings: CorrelatorsSettings) -> frozenset[str]:
    """Name every milestone of every journey: what an SLA may speak of."""
    return frozenset(milestone.name for journey in read_journeys(settings.journeys) for milestone in journey.milestones)


def run_forever(
    store: Store,
    clock: Clock,
    settings: CorrelatorsSettings,
    stop: threading.Event,
    may_forget: Callable[[], bool] = lambda: True,
) -> None:
    """Run until told to stop. Errors leave: the roof decides whether to begin again."""
    room = Correlators(store, clock, settings, may_forget)
    while not stop.is_set():
        done = room.step()
        if done < settings.batch_events and not room.is_behind:
            stop.wait(max(settings.interval_ms / 1000, room.took_s if done < LIGHT_EVENTS else 0))
