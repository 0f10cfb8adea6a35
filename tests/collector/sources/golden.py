"""The golden outcomes of every source's samples. `python -m tests.collector.sources.golden` writes them again."""

import tempfile
from pathlib import Path

from billtrail.store import Store
from collector.mapping.catalogue import SHIPPED
from collector.mapping.read_source import FILE, read_source
from collector.mapping.trial import try_bodies, write_json
from tests.support.store import drop_test_store, open_test_store

SOURCES = tuple(sorted(file.parent.name for file in SHIPPED.glob(f"*/{FILE}")))


def list_samples(name: str) -> list[Path]:
    return sorted((SHIPPED / name / "samples").glob("in-*.json"))


def golden_of(sample: Path) -> Path:
    return sample.with_name(sample.name.replace("in-", "out-", 1))


def map_samples(store: Store, name: str) -> dict[Path, str]:
    """Map the samples of a source; shape: what the golden file of each should hold."""
    samples = list_samples(name)
    outcomes = try_bodies(
        store, read_source(SHIPPED / name), [(path.name, path.read_text(encoding="utf-8")) for path in samples]
    )
    return {
        golden_of(path): write_json([outcome for outcome in outcomes if outcome.file == path.name]) for path in samples
    }


def main() -> None:
    store = open_test_store(Path(tempfile.mkdtemp()))
    for name in SOURCES:
        for path, text in map_samples(store, name).items():
            path.write_text(text, encoding="utf-8")
    drop_test_store(store)


if __name__ == "__main__":
    main()
