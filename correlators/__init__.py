"""The correlators join events and spans by business keys into end-to-end lifecycles.

Takes: canonical events, declared objects, span links; journeys as documents.
Gives: objects, relations with their proof, lifecycles, milestones, findings, unmatched events; over them the views
    conformance, variants and span_errors; everything derived anew when that is asked for (`rebuild`).
Reads table: event_versions, object_declarations, span_links, people_links, segment_ledger.
Writes table: span_keys, weak_events, declared_edges, relation_rows, object_rows, lifecycle_rows,
    lifecycle_object_rows, lifecycle_event_rows, run_lifecycles, milestone_rows, unmatched_event_rows, finding_rows,
    journey_*, loop_cursors, pending_lifecycles, backlog_events, segment_ledger (stage correlated); people_links and
    audit_log for what people decide.
Runs as: one loop, one active instance; every step may be repeated.
"""
