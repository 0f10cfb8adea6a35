"""A small firm for correlation tests: two contracts of one client, an invoice over both, a run with a failure."""

from tests.support.events import Event

CONTRACT_1, CONTRACT_2 = "crm:contract:C1", "crm:contract:C2"
PROJECT_1, PROJECT_2, PROJECT_1_ERP = "psa:project:P1", "psa:project:P2", "erp:project:9"

FIRM = (
    Event("won", "opportunity.won", (("crm:opportunity:O1", "subject"),), 0, amount="1000"),
    Event(
        "signed-1",
        "contract.signed",
        ((CONTRACT_1, "subject"), ("crm:opportunity:O1", "origin"), ("crm:client:A", "reference")),
        1,
        amount="1000",
        client="Acme",
        region="EMEA",
        legal_entity="DE01",
        billing_model="time_and_materials",
    ),
    Event(
        "signed-2",
        "contract.signed",
        ((CONTRACT_2, "subject"), ("crm:client:A", "reference")),
        2,
        amount="500",
        client="Acme",
        billing_model="milestone",
    ),
    Event("psa-1", "project.created", ((PROJECT_1, "subject"), (CONTRACT_1, "part_of")), 3),
    Event("psa-2", "project.created", ((PROJECT_2, "subject"), (CONTRACT_2, "part_of")), 4),
    Event(
        "erp-1",
        "project.created",
        ((PROJECT_1_ERP, "subject"), (PROJECT_1, "same_as"), (CONTRACT_1, "part_of")),
        5,
    ),
    Event(
        "approved-1",
        "time.approved",
        (("psa:time_entry:T1", "subject"), (PROJECT_1, "part_of"), ("psa:worker:W1", "reference")),
        6,
        amount="100",
        correlation_id="run-1",
    ),
    Event(
        "posted-1",
        "time.posted",
        (("erp:time_entry:77", "subject"), ("psa:time_entry:T1", "same_as"), (PROJECT_1_ERP, "part_of")),
        9,
        amount="100",
    ),
    Event("failed-1", "integration.failed", (), 7, system="psa", correlation_id="run-1", outcome="failure"),
    Event("failed-2", "integration.failed", (), 7, system="psa", correlation_id="run-lost", outcome="failure"),
    Event("failed-3", "integration.failed", (), 8, system="psa", trace_id="ab" * 16, outcome="failure"),
    Event(
        "approved-2",
        "milestone.approved",
        (("psa:billing_milestone:M1", "subject"), (PROJECT_2, "part_of")),
        8,
        amount="250",
        trace_id="ab" * 16,
    ),
    Event(
        "issued",
        "invoice.issued",
        (("erp:invoice:I1", "subject"), (PROJECT_1_ERP, "part_of"), (PROJECT_2, "part_of")),
        20,
        amount="100.01",
        lines=((PROJECT_1_ERP, "70"), (PROJECT_2, "30.01")),
    ),
    Event(
        "paid", "payment.received", (("erp:payment:Y1", "subject"), ("erp:invoice:I1", "part_of")), 30, amount="33.33"
    ),
    Event(
        "synced",
        "invoice.status_synced",
        (("crm:invoice:a0I9", "subject"), ("erp:invoice:I1", "same_as")),
        21,
    ),
)

# What makes an answer depend on order where care is lacking.
HARD_CASES = (
    # Two subjects of two contracts in one event, and an event that relates two objects to each other.
    Event(
        "approved-both",
        "time.approved",
        (
            ("psa:time_entry:T8", "subject"),
            ("psa:time_entry:T9", "subject"),
        ),
        10,
        amount="80",
    ),
    Event("told-8", "time.submitted", (("psa:time_entry:T8", "subject"), (PROJECT_1, "part_of")), 9),
    Event("told-9", "time.submitted", (("psa:time_entry:T9", "subject"), (PROJECT_2, "part_of")), 9),
    Event(
        "related",
        "worker.moved",
        (("psa:worker:W1", "reference"),),
        11,
        system="psa",
        links=(("psa:project:P3", CONTRACT_2, "part_of"),),
    ),
    Event("submitted-3", "time.submitted", (("psa:time_entry:T3", "subject"), ("psa:project:P3", "part_of")), 12),
    # An amount without an object: nobody's. And lines that cancel each other out.
    Event("nobody", "time.approved", (), 13, system="psa", correlation_id="run-1", amount="60"),
    Event(
        "rebilled",
        "invoice.issued",
        (("erp:invoice:I3", "subject"), (PROJECT_1_ERP, "part_of"), (PROJECT_2, "part_of")),
        40,
        amount="5",
        lines=((PROJECT_1_ERP, "100"), (PROJECT_2, "-100")),
    ),
)

WHOLE_FIRM = FIRM + HARD_CASES
