"""The read endpoint: ClickHouse's HTTP protocol over the embedded engine, read only.

Takes: HTTP requests of any ClickHouse client, `curl` or pandas.
Gives: what the public views answer, in any output format of ClickHouse.
Refuses: whatever writes, reads files, reaches out, or changes a setting that is not harmless.
Runs as: an ASGI app inside the process that owns the data (`build_read_app`).
"""

from billtrail.store.endpoint.app import build_read_app
from billtrail.store.endpoint.settings import ReadSettings

__all__ = ["ReadSettings", "build_read_app"]
