"""The collector: doors, journal, and the loader that turns journal segments into rows.

Takes: OTLP over HTTP and gRPC, CloudEvents and vendors' web hooks over HTTP, files by import; what vendors do not push
it fetches: over HTTP, from the Salesforce Pub/Sub API, from folders of files.
Gives: acknowledged records, durable before the answer and found once in the tables; files by export.
Reads tables: raw_events, event_versions, object_declarations, and for exports lifecycles and lifecycle_events.
Writes tables: raw_events, span_records (and, through a view, span_links), event_versions, object_declarations,
dead_letter_rows, segment_ledger, source_tallies, source_expectations, pull_cursors, source_gap_rows.
Runs as: one HTTP server in a thread, one gRPC server with its threads, one writer thread and one loader thread per
journal stream, one thread per stream that is fetched.
"""
