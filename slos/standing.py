"""How the documents of this room stand, for whoever asks from another thread: what is wrong, and what is in force."""

from dataclasses import dataclass

from billtrail.document.problem import Problem


@dataclass(slots=True)
class Standing:
    """Written by the judge alone, a field at a time. Until the documents were read there are no problems.

    `is_in_force`: SLAs are judged, by the last documents that were good.
    """

    problems: tuple[Problem, ...] = ()
    is_in_force: bool = False

    def describe(self) -> str:
        """Say in a line what is wrong; empty when nothing is."""
        if not self.problems:
            return ""
        kept = "the last good ones stay in force" if self.is_in_force else "no SLA is judged"
        more = f" and {len(self.problems) - 1} more" if len(self.problems) > 1 else ""
        return f"SLA documents refused, {kept}: {self.problems[0]}{more}"
