"""The alerts loop: look, decide, write alerts, plan notifications, write them, hand them over, write what came of it.

Each arrow goes through a table, so a process may die anywhere and another goes on from there; what was said and not
written down is said again. On the first start over a store with history only what is breached now alerts: a clock that
was late and is stopped is history, and the hundreds that stand are one notification per group, not hundreds.
"""

import logging
import threading
from collections.abc import Mapping
from datetime import datetime

from alerts.book import AlertBook
from alerts.channels import Channel, open_channels
from alerts.decide import decide
from alerts.deliver import Courier
from alerts.group import group_alerts, plan_group
from alerts.look import EPOCH, Lookout
from alerts.message import Message, compose
from alerts.metrics import AlertMetrics
from alerts.outbox import Notification, Outbox
from alerts.retry import retry_at
from alerts.settings import AlertsSettings
from billtrail.clock import Clock
from billtrail.errors import BilltrailError, DeliveryError, StoreError
from billtrail.store import Store

log = logging.getLogger(__name__)


class AlertLoop:
    """One instance per store. `step()` is one round; it does not sleep, and waits for deliveries only briefly."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        settings: AlertsSettings,
        metrics: AlertMetrics | None = None,
        channels: Mapping[str, Channel] | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._settings = settings
        self._metrics = metrics or AlertMetrics()
        self._courier = Courier(open_channels(settings) if channels is None else channels)
        self._outbox = Outbox(store)
        self._book = AlertBook(store, self._outbox.mentioned())
        self._lookout = Lookout(store, settings)
        self._plan_again_at: datetime | None = EPOCH

    def step(self) -> int:
        """Do one round. Answers how many alerts, notifications and outcomes were written. Raises StoreError."""
        done = self._collect(0)
        done += self._evaluate()
        done += self._plan()
        self._hand_over()
        done += self._collect(self._settings.delivery_patience_ms / 1000)
        if done:
            self._book.forget(self._outbox.mentioned())
            self._metrics.stand(self._book.open_by_fingerprint.values(), len(self._outbox.pending))
        return done

    def close(self) -> None:
        """Let deliveries that are under way end, and write down what came of them."""
        self._courier.close()
        self._collect(0)

    def _evaluate(self) -> int:
        now = self._clock.now()
        changes = self._store.rows("alerts", "changes")[0]
        read = self._book.refresh((changes["alerts_until"], changes["alerts_count"]))
        picture, seen = self._lookout.look(changes, now)
        decisions = decide(picture, self._book.open_by_fingerprint, now)
        written = [decision.alert for decision in decisions if decision.alert is not None]
        self._book.write(written)
        self._lookout.seen = seen
        self._metrics.decided(decision.reason for decision in decisions)
        if read or written:
            self._plan_again_at = EPOCH
        return len(written)

    def _plan(self) -> int:
        now = self._clock.now()
        if self._plan_again_at is None or now < self._plan_again_at:
            return 0
        groups = group_alerts(self._book.alerts, self._settings.group_by)
        memories = {channel: self._outbox.memory(channel) for channel in self._courier.channels}
        plans = [
            (channel, plan_group(group, memory, self._settings, now))
            for channel, memory in memories.items()
            for group in groups
        ]
        due = [Notification.planned(plan, channel, now) for channel, plan in plans if plan.is_due]
        self._outbox.put(due)
        self._plan_again_at = min((plan.look_again_at for _, plan in plans if plan.look_again_at), default=None)
        return len(due)

    def _hand_over(self) -> None:
        now = self._clock.now()
        for notification in list(self._outbox.pending.values()):
            if notification.due_at > now or self._courier.is_carrying(notification.notification_id):
                continue
            message = self._message(notification)
            if notification.channel not in self._courier.channels:
                self._fail(notification, DeliveryError("the channel is not configured any more", is_permanent=True))
            elif not message.count:
                self._fail(notification, DeliveryError("its alerts are not there any more", is_permanent=True))
            else:
                self._courier.hand_over(notification.channel, message)
                self._metrics.delayed((now - notification.planned_at).total_seconds())

    def _message(self, notification: Notification) -> Message:
        return compose(
            notification.notification_id,
            notification.kind,
            (notification.group_key, notification.group_labels),
            (self._book.named(notification.firing_ids), self._book.named(notification.resolved_ids)),
            self._settings,
        )

    def _collect(self, patience_s: float) -> int:
        count = 0
        for notification_id, error in self._courier.collect(patience_s):
            count += 1
            notification = self._outbox.pending[notification_id]
            if error is not None:
                self._fail(notification, error)
            else:
                self._outbox.record_sent(notification, self._clock.now())
                self._metrics.attempted(notification.channel, "sent")
        if count:
            self._plan_again_at = EPOCH
        return count

    def _fail(self, notification: Notification, error: DeliveryError) -> None:
        now = self._clock.now()
        again_at = retry_at(notification, error, self._settings, now)
        ended = self._outbox.record_failed(notification, now, str(error), again_at)
        self._metrics.attempted(ended.channel, ended.outcome)
        log.warning("notification %s, attempt %d: %s, %s", ended.notification_id, ended.attempt, error, ended.outcome)


def run_forever(
    store: Store,
    clock: Clock,
    settings: AlertsSettings,
    stop: threading.Event,
    metrics: AlertMetrics | None = None,
) -> None:
    """Run the loop until `stop` is set. A store that is away is waited for; the lane stays the caller's."""
    loop = AlertLoop(store, clock, settings, metrics)
    try:
        while not stop.is_set():
            try:
                loop.step()
            except StoreError as error:
                if not error.is_transient:
                    raise
                log.warning("alerts wait for the store: %s", error)
            stop.wait(settings.evaluate_every_ms / 1000)
    finally:
        _close(loop)


def _close(loop: AlertLoop) -> None:
    try:
        loop.close()
    except BilltrailError as error:
        log.warning("alerts ended before the last outcomes were written: %s", error)
