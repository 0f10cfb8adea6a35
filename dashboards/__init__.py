"""Dashboards: pages for the executive, for support and for whoever is on call. They read; they never write.

Takes: the address of a read endpoint or a ClickHouse server; settings `[dashboards]`.
Gives: web pages on port 8501: `/` (executive), `/trace?id=…`, `/on-call`.
Reads table: lifecycles, lifecycle_objects, lifecycle_events, conformance, variants, span_errors, sla_clocks, findings,
    alerts, notifications, dead_letters, source_health, span_links, relations, journey_milestones, sla_definitions,
    run_lifecycles, span_keys, object_rows.
Writes table: none.
Runs as: a child process (`dashboards.run.start_dashboards`), through HTTP only; `dashboards.run.run_forever` by itself.
"""
