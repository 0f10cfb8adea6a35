"""Firms drawn by chance, small and tangled: late links, contradicting ids, invoices over many contracts."""

from itertools import pairwise
from random import Random

from tests.support.events import Event

CLIENT = ("crm:client:A", "reference")


class RandomFirm:
    """The events of one firm, in no order. The same seed draws the same firm."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.events: list[Event] = []
        self.contracts = [f"crm:contract:C{number}" for number in range(self.chance.randint(1, 4))]
        self.projects = ["psa:project:P0"]
        for contract in self.contracts:
            self._sell(contract)
        for _ in range(self.chance.randint(0, 8)):
            self._work()
        for _ in range(self.chance.randint(0, 4)):
            self._bill()
        for _ in range(self.chance.randint(0, 3)):
            self._fail()
        if self._maybe(0.3):
            moved = ((self._project(), self.chance.choice(self.contracts), "part_of"),)
            self._tell("worker.moved", (("psa:worker:W", "reference"),), system="psa", links=moved)

    def draw_batches(self) -> list[list[Event]]:
        """Tell the events in another order, in several goes; some with one that is withdrawn or corrected last."""
        told = self.chance.sample(self.events, len(self.events))
        last = self._slip(told)
        cuts = sorted(self.chance.randint(0, len(told)) for _ in range(self.chance.randint(1, 5)))
        ends = [0, *cuts, len(told)]
        batches = [told[start:end] for start, end in pairwise(ends)]
        return [batch for batch in [*batches, last] if batch]

    def _slip(self, told: list[Event]) -> list[Event]:
        """Put something wrong among the events. Answers with what puts it right."""
        kind = self.chance.random()
        if kind < 0.3:
            objects = (("psa:time_entry:T1", "subject"), (f"psa:project:P{self.chance.randint(0, 5)}", "part_of"))
            wrong = Event("wrong", "time.approved", objects, self._hour(), amount="7", correlation_id="run-1")
            told.insert(self.chance.randint(0, len(told)), wrong)
            return [wrong.withdrawn()]
        if kind < 0.6 and told:
            place = self.chance.randrange(len(told))
            right = told[place]
            objects = tuple((key.replace(":P", ":P1"), qualifier) for key, qualifier in right.objects)
            told[place] = right.changed(objects=objects, amount="3", hours=self._hour(), attributes={})
            return [right.changed(revision=1)]
        return []

    def _sell(self, contract: str) -> None:
        opportunity = f"crm:opportunity:O{self.chance.randint(0, 2)}"
        origin = ((opportunity, "origin"),) if self._maybe(0.5) else ()
        if self._maybe(0.8):
            terms = {
                "client": self.chance.choice(("", "X", "Y")),
                "billing_model": self.chance.choice(("", "milestone")),
            }
            objects = ((contract, "subject"), *origin, CLIENT)
            self._tell("contract.signed", objects, amount=str(self.chance.randint(1, 900)), **terms)
        if self._maybe(0.4):
            self._tell("opportunity.won", ((opportunity, "subject"),), amount="5")
        for _ in range(self.chance.randint(0, 2)):
            self._set_up(contract)

    def _set_up(self, contract: str) -> None:
        project, other = f"psa:project:P{self.chance.randint(0, 5)}", f"erp:project:{self.chance.randint(0, 5)}"
        self.projects.append(project)
        if self._maybe(0.9):
            self._tell("project.created", ((project, "subject"), (contract, "part_of")))
        if self._maybe(0.5):
            self.projects.append(other)
            parent = ((contract, "part_of"),) if self._maybe(0.5) else ()
            self._tell("project.created", ((other, "subject"), (project, "same_as"), *parent))

    def _work(self) -> None:
        entry = f"psa:time_entry:T{self.chance.randint(0, 6)}"
        outcome = self.chance.choice(("success", "success", "failure"))
        worth = {"amount": str(self.chance.randint(0, 50))}
        taken = {"attributes": {"complete_from": "object"}}
        self._tell(
            self.chance.choice(("time.submitted", "time.approved")),
            ((entry, "subject"), (self._project(), "part_of")),
            outcome=outcome,
            **(worth if self._maybe(0.7) else taken),
        )
        if self._maybe(0.5):
            parent = ((self._project(), "part_of"),) if self._maybe(0.5) else ()
            posted = f"erp:time_entry:{self.chance.randint(0, 6)}"
            self._tell("time.posted", ((posted, "subject"), (entry, "same_as"), *parent), **worth)

    def _bill(self) -> None:
        invoice = f"erp:invoice:I{self.chance.randint(0, 3)}"
        over = self.chance.sample(self.projects, min(len(self.projects), self.chance.randint(1, 3)))
        lines = tuple((project, str(self.chance.randint(-5, 60))) for project in over if self._maybe(0.7))
        parents = tuple((project, "part_of") for project in over)
        amount = str(self.chance.randint(1, 300))
        self._tell("invoice.issued", ((invoice, "subject"), *parents), amount=amount, lines=lines)
        if self._maybe(0.5):
            payment = f"erp:payment:Y{self.chance.randint(0, 3)}"
            self._tell("payment.received", ((payment, "subject"), (invoice, "part_of")), amount=amount)
            if self._maybe(0.5):
                self._tell("payment.cleared", ((payment, "subject"),), amount=amount)
        if self._maybe(0.3):
            seen = f"crm:invoice:{self.chance.randint(0, 2)}"
            self._tell("invoice.status_synced", ((seen, "subject"), (invoice, "same_as")))

    def _fail(self) -> None:
        run = f"run-{self.chance.randint(1, 5)}"
        self._tell("integration.failed", (), system="psa", outcome="failure", correlation_id=run)

    def _tell(self, event_type: str, objects: tuple[tuple[str, str], ...], **more: object) -> None:
        if self._maybe(0.25):
            more.setdefault("correlation_id", f"run-{self.chance.randint(1, 4)}")
        if self._maybe(0.15):
            more.setdefault("trace_id", f"{self.chance.randint(1, 3):032x}")
        told = Event(f"e{len(self.events)}", event_type, objects, self._hour())
        self.events.append(told.changed(**more))

    def _project(self) -> str:
        return self.chance.choice(self.projects)

    def _hour(self) -> float:
        return self.chance.choice((self.chance.randint(0, 40), 40 * self.chance.random()))

    def _maybe(self, share: float) -> bool:
        return self.chance.random() < share
