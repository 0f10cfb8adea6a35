"""When a failed attempt is made again. Pure: the attempt, how it failed, settings, now."""

from datetime import datetime, timedelta

from alerts.channels.channel import RetryLater
from alerts.outbox import Notification
from alerts.settings import AlertsSettings
from billtrail.errors import DeliveryError


def retry_at(
    notification: Notification, error: DeliveryError, settings: AlertsSettings, now: datetime
) -> datetime | None:
    """Answer with the next instant, doubling the wait each time, or None to give up.

    A receiver that names its own wait is obeyed. A permanent failure gives up at once; any other once the next attempt
    would come `give_up_after_s` after the notification was planned. The group is then planned afresh, with what is true
    by then, after its `group_interval`.
    """
    if error.is_permanent:
        return None
    doubled = settings.retry_first_s * 2 ** min(notification.attempt - 1, 30)
    wait_s = min(doubled, settings.retry_longest_s)
    if isinstance(error, RetryLater):
        wait_s = max(wait_s, error.after_s)
    due_at = now + timedelta(seconds=wait_s)
    return due_at if due_at <= notification.planned_at + timedelta(seconds=settings.give_up_after_s) else None
