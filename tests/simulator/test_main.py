"""`python -m simulator` does what its words say."""

from pathlib import Path

import pytest

from simulator.__main__ import main
from simulator.truth import Truth
from tests.simulator.receiver import Receiver


def test_the_command_fills_a_history_and_writes_the_truth(tmp_path: Path) -> None:
    file = tmp_path / "truth.json"
    with Receiver() as receiver:
        words = ["--collector", receiver.url, "--days", "30", "--contracts", "3", "--seed", "11", "--truth", str(file)]
        assert main(words) == 0
        truth = Truth.model_validate_json(file.read_text(encoding="utf-8"))
        assert truth.seed == 11
        assert len({(event["source"], event["id"]) for event in receiver.events}) == truth.event_count


def test_a_collector_that_refuses_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with Receiver() as receiver:
        receiver.refusals.extend([(401, {})] * 3)
        assert main(["--collector", receiver.url, "--days", "10", "--contracts", "2"]) == 1
    assert "HTTP 401" in capsys.readouterr().err.replace("\n", " ")
