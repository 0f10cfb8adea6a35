"""`billtrail sources list|gaps|close|test|init`: who reports, what payloads become, the beginning of a new source."""

import getpass
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from billtrail.cli.decision import decide
from billtrail.cli.output import console, error_console, print_json, print_rows
from billtrail.cli.reach import configure, reading
from billtrail.cli.words import AsJson, Data
from billtrail.configuration import Configuration
from billtrail.deciding import GAPS
from billtrail.errors import SettingsError
from billtrail.store import Row, StoreSettings, open_store
from collector.firm_sources import read_firm_sources
from collector.mapping import Catalogue, Source, read_source
from collector.mapping.begin import begin_source
from collector.mapping.payloads import find_payloads, find_silent, read_payloads
from collector.mapping.read_source import FILE
from collector.mapping.trial import Outcome, find_surprises, try_bodies
from collector.pull.close_gap import GapReport, GapWish, carry_out
from collector.settings import CollectorSettings
from collector.source_settings import SourceSettings

commands = typer.Typer()
sources = typer.Typer(no_args_is_help=True, help="The sources: who reports, and what their messages become.")
commands.add_typer(sources, name="sources")


@sources.command("list")
def list_sources(
    context: typer.Context,
    data: Data = None,
    lists_all: Annotated[bool, typer.Option("--all", help="Also sources that are not set up.")] = False,
    as_json: AsJson = False,
) -> None:
    """List every source that has reported or is set up, and with --all every one there is."""
    configuration = configure(context, data)
    settings = configuration.of(CollectorSettings)
    rows = _read_health(configuration, may_be_absent=lists_all or bool(settings.sources))
    catalogue = read_firm_sources(settings)
    listed = [row | _describe(row["source"].removeprefix("/"), catalogue, settings.sources) for row in rows]
    heard = {row["source"].removeprefix("/") for row in rows}
    listed += [
        {"source": f"/{name}", "state": "not heard of"} | _describe(name, catalogue, settings.sources)
        for name in sorted(catalogue.folders if lists_all else settings.sources)
        if name not in heard
    ]
    shown = listed if as_json else [_shorten(row) for row in listed]
    print_rows(
        shown, as_json=as_json, empty="no source has reported yet; billtrail sources list --all shows all there are"
    )


@sources.command("gaps")
def list_gaps(context: typer.Context, data: Data = None, as_json: AsJson = False) -> None:
    """List what a source may have said and nobody heard: stretches of time, and records to be read again."""
    with reading(configure(context, data)) as store:
        rows = store.rows("billtrail.cli", "list_source_gaps")
    print_rows(rows, as_json=as_json, empty="no gap: everything the sources said was heard")


@sources.command("close")
def close_gap(
    context: typer.Context,
    gap: Annotated[str, typer.Argument(help="The id of a gap, as billtrail sources gaps lists it.")],
    *,
    reason: Annotated[str, typer.Option(help="Why, such as how it was loaded; goes into the audit log.")],
    undo: Annotated[bool, typer.Option("--undo", help="Open it again.")] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Say that a gap is one no more: what was missed was loaded otherwise, or does not matter."""
    wish = GapWish(gap_id=gap, reason=reason, actor=getpass.getuser(), is_undone=undo)
    report = decide(configure(context, data), GAPS, wish, carry_out, GapReport)
    if as_json:
        print_json(report.model_dump())
        return
    state = "open again" if undo else "closed" if report.is_changed else "was closed already"
    console.print(f"{report.source}/{report.stream}: {report.what}: {state}", highlight=False, markup=False)


@sources.command("test")
def try_source(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="A source, or the folder of one: anything with a source.yaml.")],
    payloads: Annotated[Path, typer.Argument(help="A payload, or a folder of them.")],
    as_json: AsJson = False,
) -> None:
    """Say what each payload becomes. Nothing is kept, and no platform need run.

    Ends with 1 where one is refused, or becomes something else than out-NAME.json beside in-NAME says.
    """
    source = _find_source(name, configure(context))
    files = find_payloads(payloads)
    with tempfile.TemporaryDirectory(prefix="billtrail-") as folder:
        store = open_store(StoreSettings(data=Path(folder)))
        bodies = read_payloads(store, files, source)
        outcomes = try_bodies(store, source, bodies)
        outcomes += [Outcome(name, "ignored", {}) for name in find_silent(files, bodies)]
        store.close()
    if as_json:
        print_json([outcome.as_json() for outcome in outcomes])
    else:
        print_rows([outcome.as_row() for outcome in outcomes], as_json=False)
        console.print(_count(outcomes, len(bodies) + len(find_silent(files, bodies))), highlight=False)
    surprises = find_surprises(outcomes, files)
    for surprise in surprises:
        error_console.print(surprise, markup=False, highlight=False)
    if surprises:
        raise typer.Exit(1)


@sources.command("init")
def init_source(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The name of the new source: lower case, no spaces.")],
    sample: Annotated[Path, typer.Argument(help="One payload as the system sends it, in JSON.")],
    into: Annotated[
        Path | None,
        typer.Option(help="Where folders of sources are.", show_default="collector.sources_dir or ./sources"),
    ] = None,
) -> None:
    """Begin a new source from a payload: a folder with a source.yaml to finish, a README and the payload."""
    configured = configure(context).of(CollectorSettings).sources_dir
    root = into or configured or Path("sources")
    folder = begin_source(root, name, sample)
    for path in sorted(folder.rglob("*.*")):
        console.print(str(path), markup=False, highlight=False, soft_wrap=True)
    console.print(
        f"\nnow say in {folder / FILE} what its messages become, and see it with\n"
        f"  billtrail sources test {folder} {sample}",
        markup=False, highlight=False, soft_wrap=True,
    )  # fmt: skip
    if root != configured:
        console.print(f'and let the platform find it with\n  [collector]\n  sources_dir = "{root}"', markup=False)


def _read_health(configuration: Configuration, *, may_be_absent: bool) -> list[Row]:
    try:
        with reading(configuration) as store:
            return store.rows("billtrail.cli", "list_sources")
    except SettingsError:
        if may_be_absent:
            return []
        raise


def _describe(name: str, catalogue: Catalogue, told: Mapping[str, SourceSettings]) -> Row:
    """Say what kind of a source it is. What is no folder sends events as they are."""
    source, said = catalogue.sources.get(name), told.get(name)
    ways = (
        (("pull", said.pull), ("files", said.drop_dir), ("spans", said.spans), ("webhook", said.secrets))
        if said
        else ()
    )
    mistakes = str(catalogue.refused[name]).splitlines() if name in catalogue.refused else []
    title = source.title if source else ""
    return {"title": title, "on": [word for word, is_on in ways if is_on], "mistakes": mistakes}


def _shorten(row: Row) -> Row:
    kept = ("source", "title", "system", "state", "last_received_at", "events", "rejected", "open_gaps", "on")
    shown = {name: row.get(name, "") for name in kept}
    return shown | {"mistakes": row["mistakes"][:1]}


def _find_source(name: str, configuration: Configuration) -> Source:
    """Find a source by its name, or read the folder that is meant."""
    if (Path(name) / FILE).exists():
        folder = Path(name).resolve()
        said = configuration.of(CollectorSettings).sources.get(folder.name)
        return read_source(folder, said.parameters if said else {})
    if "/" in name:
        raise SettingsError(f"there is no {FILE} in {name}", hint="billtrail sources init begins one")
    return read_firm_sources(configuration.of(CollectorSettings)).get(name)


def _count(outcomes: list[Outcome], messages: int) -> str:
    counted = Counter(outcome.outcome for outcome in outcomes)
    told = [f"{counted['event']} events", f"{counted['ignored']} ignored", f"{counted['refused']} refused"]
    return f"{messages} payloads: {', '.join(told)}"
