"""The mapping language: from what a vendor sends to canonical events, as one SQL statement over raw bodies.

`read_source` reads and checks a `source.yaml`, `compile_source` turns it into SQL, `catalogue` lists the folders,
`trial` runs a folder of payloads through a source, `scaffold` begins a new one. Only `compile` and what it uses build
SQL text.
"""

from collector.mapping.catalogue import Catalogue, read_catalogue
from collector.mapping.compile import MAPPED_COLUMNS, Compiled, compile_source
from collector.mapping.read_source import SourceError, read_source
from collector.mapping.source import Source

__all__ = [
    "MAPPED_COLUMNS",
    "Catalogue",
    "Compiled",
    "Source",
    "SourceError",
    "compile_source",
    "read_catalogue",
    "read_source",
]
