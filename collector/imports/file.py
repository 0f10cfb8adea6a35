"""Opens a file of a log for reading, packed or not. A broken archive reads like a broken disk."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from billtrail.errors import PayloadError

GZIP_MAGIC = b"\x1f\x8b"


def open_file(path: Path) -> IO[bytes]:
    """Open a file, through gzip where it is packed. Raises PayloadError."""
    try:
        with path.open("rb") as file:
            packed = file.read(2) == GZIP_MAGIC
        return cast("IO[bytes]", gzip.open(path)) if packed else path.open("rb")
    except OSError as error:
        raise PayloadError(f"{path}: cannot be read: {error.strerror or error}") from error


def read_start(path: Path, size: int) -> bytes:
    """Read the beginning of a file. Raises PayloadError."""
    with reading(path), open_file(path) as file:
        return file.read(size)


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Say of a file that breaks off while it is read what it is. Raises PayloadError."""
    try:
        yield
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise PayloadError(f"{path}: a damaged gzip file: {error}") from error
    except OSError as error:
        raise PayloadError(f"{path}: cannot be read: {error.strerror or error}") from error
