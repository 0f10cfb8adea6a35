"""What the vendor does not push is fetched here: over HTTP, from the Salesforce Pub/Sub API, from a folder of files.

Everything fetched goes through `collector.webhook.intake` into the journal, as the vendor wrote it. A position is
moved only when what was read before it is durable: a crash reads again, and what comes twice is dropped by its id.
What cannot be had any more is a gap: a row in `source_gaps`, a warning in the log and a count.

A stream is an object with `step`, which does one bounded piece of work and never sleeps, and `due_at`, when it wants to
be called again.
"""
