"""A professional-services firm: CRM, PSA, ERP and a portfolio tool as real HTTP services, and the integration runs
between them, with faults.

Takes: settings and the address of a collector.
Gives: OTLP spans to `/v1/traces`, CloudEvents to `/v1/events`, and the truth of what happened.
Reads table: none. Writes table: none.
Runs as: `simulator.run.Simulation`, `python -m simulator`, or without HTTP `simulator.direct.tell_firm`.

    firm/          the plan: what will happen when, faults included; pure and seeded
    systems/       the systems' books: records, numbering, refusals
    services/      the same systems behind HTTP
    integrations/  the runs between them
    enactment.py   turns the plan into runs, directly (`direct.py`) or over HTTP (`http_stage.py`)
    truth*.py      what truly happened, read from the books
"""
