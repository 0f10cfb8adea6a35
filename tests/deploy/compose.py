"""Reads docker-compose.yml for the tests beside it."""

import re
from typing import Any, cast

import yaml

from tests.architecture.tree import ROOT

Service = dict[str, Any]


def read_compose() -> dict[str, Any]:
    return cast(dict[str, Any], yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8")))


def read_services() -> dict[str, Service]:
    return cast(dict[str, Service], read_compose()["services"])


def read_dockerfile() -> list[list[str]]:
    """Answer each instruction as its words, continued lines joined, comments left out."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = re.sub(r"\\\n(\s*#[^\n]*\n)*", " ", text).splitlines()
    return [line.split() for line in lines if line.strip() and not line.startswith("#")]
