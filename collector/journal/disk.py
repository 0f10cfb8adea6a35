"""Room on the disks: the last bytes of one are never used.

A disk that fills in the middle of an insert may leave the engine with files that hold nothing, and it says nothing of
it; what was acknowledged would be gone. So the doors refuse and the loaders wait before it comes to that.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Disks:
    """The file systems of some folders, and how much of each must be free. No folders: nothing is asked."""

    folders: tuple[Path, ...] = ()
    min_free_bytes: int = 0

    def find_shortage(self) -> str:
        """Say which disk has too little room; empty when all have enough."""
        for folder in self.folders:
            try:
                if shutil.disk_usage(folder).free < self.min_free_bytes:
                    return f"less than {self.min_free_bytes // MIB} MiB are free on the disk of {folder}"
            except OSError as error:
                return f"the disk of {folder} cannot be looked at: {error.strerror}"
        return ""
