"""The kit for integration code: tells Billtrail what an integration did, as spans and as business events.

    telemetry = configure("integration-hub", "http://127.0.0.1:4318")
    with integration_run("time-export", system="psa") as run:
        entry = psa.get("/time-entries/TE-77").raise_for_status().json()
        run.emit(
            "time.approved",
            subject=run.key("time_entry", entry["id"]),
            part_of=run.key("project", entry["project_id"]),
            amount=entry["value"],
            currency=entry["currency"],
        )
    telemetry.close()

Every span started inside the run carries the run's correlation id, in this process and, through baggage, in every
process it calls. Every event carries the correlation id and the trace. What cannot be delivered raises DeliveryError;
nothing is dropped in silence. The kit speaks OTLP/HTTP and CloudEvents to any collector; it knows neither the rooms
nor the store.
"""

from billtrail.telemetry.compose import EventFields, compose_event
from billtrail.telemetry.delivery import Delivery, RetryPolicy
from billtrail.telemetry.event import BusinessEvent, EventLine, EventObject, EventRelation
from billtrail.telemetry.failure import classify
from billtrail.telemetry.identity import Ids, RandomIds, SeededIds
from billtrail.telemetry.integration_run import IntegrationRun, integration_run
from billtrail.telemetry.publisher import EventPublisher
from billtrail.telemetry.setup import Telemetry, configure

__all__ = [
    "BusinessEvent",
    "Delivery",
    "EventFields",
    "EventLine",
    "EventObject",
    "EventPublisher",
    "EventRelation",
    "Ids",
    "IntegrationRun",
    "RandomIds",
    "RetryPolicy",
    "SeededIds",
    "Telemetry",
    "classify",
    "compose_event",
    "configure",
    "integration_run",
]
