"""The collector: doors, journal, and the loader that turns journal segments into rows.

Takes: OTLP over HTTP and gRPC, CloudEvents over HTTP, files by import.
Gives: acknowledged records, durable before the answer and found once in the tables; files by export.
Reads tables: raw_events, event_versions, object_declarations, and for exports lifecycles and lifecycle_events.
Writes tables: raw_events, span_records (and, through a view, span_links), event_versions, object_declarations,
dead_letter_rows, segment_ledger.
Runs as: one HTTP server in a thread, one gRPC server with its threads, one writer thread and one loader thread per
journal stream.
"""
