"""What a firm says about one source: `[collector.sources.NAME]`. The folder says how the vendor works, this who we are.

A secret is `env:NAME`, a variable of the environment; `file:PATH`, read again when it changes, one secret a line; or
the secret itself. Several are valid at once, so that one can be changed without losing a message.
"""

from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class SourceSettings(BaseModel):
    """`parameters` replace those of the source's folder. `url` is the address the vendor calls, for signatures over it.

    `secrets` are what the vendor's signatures, names and passwords are checked against; without one the door for this
    source is closed, unless no door of this platform asks for a token. `expected_seconds` is the longest silence that
    is ordinary; 0 takes the one of the folder.
    `pull` names the streams of the folder that are pulled, or `all`; `credentials` are what the vendor is shown for it.
    Files that are put into `drop_dir` become messages of this source, and with `spans` the spans its folder describes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    parameters: Mapping[str, str] = Field(default_factory=dict)
    secrets: tuple[SecretStr, ...] = ()
    url: str = ""
    expected_seconds: float = Field(0, ge=0)
    pull: tuple[str, ...] = ()
    credentials: Mapping[str, SecretStr] = Field(default_factory=dict)
    drop_dir: Path | None = None
    spans: bool = False
