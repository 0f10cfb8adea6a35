"""`billtrail settings show`: flags win over variables, variables over the file; no secret is ever printed."""

from pathlib import Path

from billtrail.configuration import ROOMS
from tests.cli.terminal import type_words


def test_every_setting_of_every_room_is_shown(tmp_path: Path) -> None:
    shown = {row["variable"] for row in type_words("settings", "show", "--json", cwd=tmp_path).json}
    assert shown == {room.environment_name(key) for room in ROOMS for key in room.model_fields}


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "billtrail.toml").write_text("[read]\nport = 1111\nmax_parallel = 7\n", encoding="utf-8")
    rows = type_words("settings", "show", "--json", cwd=tmp_path, BILLTRAIL_READ_PORT="2222").json
    values = {row["setting"]: row["value"] for row in rows}
    assert (values["read.port"], values["read.max_parallel"]) == ("2222", "7")


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    secrets = {
        "BILLTRAIL_STORE_PASSWORD": "hush-1",
        "BILLTRAIL_COLLECTOR_TOKENS": "crm=hush-2",
        "BILLTRAIL_READ_TOKEN": "hush-3",
        "BILLTRAIL_DASHBOARDS_TOKEN": "hush-4",
        "BILLTRAIL_SIMULATOR_TOKEN": "hush-5",
        "BILLTRAIL_ALERTS_RECEIVERS": "https://hooks.example/hush-6",
    }
    for form in ([], ["--json"]):
        said = type_words("settings", "show", *form, cwd=tmp_path, **secrets)
        assert said.code == 0
        assert "hush" not in said.out


def test_a_secret_in_a_wrong_place_is_not_shown_either(tmp_path: Path) -> None:
    (tmp_path / "billtrail.toml").write_text('[collector.sources.kantata]\ncredentials = "hush"\n', encoding="utf-8")
    said = type_words("settings", "show", cwd=tmp_path)
    assert "collector.sources.kantata.credentials" in said.err
    assert "hush" not in said.err
