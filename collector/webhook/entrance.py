"""The door of one source: how its senders are recognised, and which signatures were used."""

import re
from collections.abc import Callable, Sequence

from collector.mapping import Source
from collector.source_settings import SourceSettings
from collector.webhook.knock import Knock, Verdict
from collector.webhook.secret import Secrets
from collector.webhook.seen import Seen
from collector.webhook.verifiers import Verifiers

# Twice the longest window of a signature with a moment: the sender's clock may be ahead by one.
_REMEMBERED_S = 600


class Entrance:
    """Made once for each source. `url` is the address the vendor calls, empty where the request says it."""

    def __init__(self, source: Source, said: SourceSettings, count: Callable[[str, str], None]) -> None:
        self.name = source.name
        self.receive = source.receive
        self.url = said.url
        self.secrets = Secrets(said.secrets)
        self._verifiers = Verifiers(source.receive.checks)
        self._seen = Seen(_REMEMBERED_S)
        self._count = count
        names = "|".join(map(re.escape, source.receive.drops))
        self._dropped = re.compile(rf"(<(?:\w+:)?({names})\b[^>]*>)[^<]*(?=<)") if names else None

    def judge(self, knock: Knock, secrets: Sequence[str]) -> Verdict:
        """Recognise the sender; a signature made for one delivery is let in once."""
        verdict = self._verifiers.verify(knock, secrets)
        if verdict is Verdict.GENUINE and knock.once and not self._seen.admit(knock.once, knock.now_s):
            return Verdict.REPLAYED
        return verdict

    def forget(self, knock: Knock) -> None:
        """What was signed could not be kept: the vendor may come again with it."""
        if knock.once:
            self._seen.forget(knock.once)

    def redact(self, text: str) -> str:
        """Take out of an unreadable body what is never to be kept."""
        return self._dropped.sub(r"\1", text) if self._dropped else text

    def count(self, outcome: str) -> None:
        self._count(self.name, outcome)
