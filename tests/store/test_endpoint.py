"""The read endpoint: what clients of ClickHouse expect, and nothing but reading."""

import concurrent.futures
import gzip
import io
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import clickhouse_connect
import httpx
import pandas as pd
import pytest
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import StreamFailureError
from pydantic import SecretStr

from billtrail.errors import SettingsError
from billtrail.store import Store
from billtrail.store.endpoint import ReadSettings, build_read_app
from billtrail.store.endpoint.allowed import REFUSED_NAMES, TABLE_FUNCTIONS
from tests.support.asgi_server import serving
from tests.support.store import drop_test_store, open_test_store


@pytest.fixture(scope="module")
def ledger(engine_path: Path) -> Iterator[Store]:
    """A store that this module only reads, but for three rows."""
    store = open_test_store(engine_path)
    store.command("INSERT INTO audit_log (at, actor) SELECT now64(3), 'ada' FROM numbers(3)")
    yield store
    drop_test_store(store)


@pytest.fixture(scope="module")
def url(ledger: Store) -> Iterator[str]:
    with serving(_app(ledger)) as address:
        yield address


@pytest.fixture
def client(url: str, ledger: Store) -> Iterator[Client]:
    parts = urllib.parse.urlsplit(url)
    opened = clickhouse_connect.get_client(host=parts.hostname, port=parts.port, database=ledger.settings.database)
    yield opened
    opened.close()


def _app(store: Store, **settings: object) -> object:
    return build_read_app(store.settings.data / "store", store.settings.database, ReadSettings(**settings))  # type: ignore[arg-type]


def _ask(url: str, query: str, **params: str) -> httpx.Response:
    return httpx.post(url, params=params, content=query.encode())


def test_a_clickhouse_client_connects_and_reads_rows(client: Client) -> None:
    assert client.query("SELECT number, toString(number) FROM numbers(2)").result_rows == [(0, "0"), (1, "1")]


def test_a_data_frame_keeps_its_types(client: Client) -> None:
    frame = client.query_df("SELECT number, toDateTime64('2026-03-02 12:00:00.5', 3, 'UTC') AS at FROM numbers(2)")
    assert list(frame.columns) == ["number", "at"]
    assert frame["at"].iloc[0] == pd.Timestamp("2026-03-02 12:00:00.5")


def test_named_parameters_survive_every_awkward_character(client: Client) -> None:
    awkward = "tab\tnew\nline\\ 'single' \"double\" {brace} ünïcode"
    rows = client.query("SELECT {text:String}, {many:Array(String)}", parameters={"text": awkward, "many": [awkward]})
    assert rows.result_rows == [(awkward, [awkward])]


def test_settings_are_taken_and_held_below_their_ceiling(url: str) -> None:
    asked = "SELECT getSetting('max_execution_time')"
    assert _ask(url, asked, max_execution_time="5").text == "5\n"
    assert _ask(url, asked, max_execution_time="0").text == "30\n"
    assert _ask(url, asked, max_execution_time="86400").text == "30\n"


@pytest.mark.parametrize("value", ["100G", "1e18", "-1", "+1", "inf", "nan", " 1", "1_000", "auto", "", "٣"])
@pytest.mark.parametrize("name", ["max_memory_usage", "max_execution_time", "max_threads"])
def test_a_limit_that_is_no_plain_number_is_refused(url: str, name: str, value: str) -> None:
    answer = _ask(url, f"SELECT getSetting('{name}')", **{name: value})
    assert (answer.status_code, answer.headers.get("x-clickhouse-exception-code")) == (400, "72"), answer.text


def test_a_client_learns_which_settings_it_may_change(client: Client) -> None:
    assert client.query("SELECT 1", settings={"max_result_rows": 10}).result_rows == [(1,)]
    assert client.query("SELECT readonly FROM system.settings WHERE name = 'allow_ddl'").result_rows == [(1,)]


@pytest.mark.parametrize("output_format", ["TabSeparated", "CSV", "JSONEachRow", "JSON"])
def test_what_a_client_asks_of_the_tables_is_answered_in_every_format(url: str, output_format: str) -> None:
    for asked, expected in (
        ("SHOW TABLES", "lifecycles"),
        ("DESCRIBE TABLE lifecycles", "contract_value"),
        ("EXISTS TABLE lifecycles", "1"),
        ("EXPLAIN SELECT 1", "ReadFromSystemOne"),
        ("SHOW CREATE TABLE lifecycles", "CREATE VIEW"),
    ):
        answer = _ask(url, f"{asked} FORMAT {output_format}")
        assert (answer.status_code, expected in answer.text) == (200, True), answer.text


def test_a_clickhouse_client_lists_the_tables(client: Client) -> None:
    assert ("lifecycles",) in client.query("SHOW TABLES").result_rows


def test_limit_zero_names_the_columns(client: Client) -> None:
    assert client.query("SELECT lifecycle_id, client FROM lifecycles LIMIT 0").column_names == (
        "lifecycle_id",
        "client",
    )


def test_long_parameters_come_as_a_form(client: Client) -> None:
    ids = [f"erp:invoice:{number}" for number in range(2_000)]
    assert client.query("SELECT length({ids:Array(String)})", parameters={"ids": ids}).result_rows == [(2_000,)]


def test_pandas_reads_csv_from_an_address(url: str) -> None:
    query = urllib.parse.quote_plus("SELECT number, 'a;b' AS text FROM numbers(3) FORMAT CSVWithNames")
    frame = pd.read_csv(f"{url}/?query={query}")
    assert frame.to_dict("list") == {"number": [0, 1, 2], "text": ["a;b"] * 3}


def test_the_query_may_begin_in_the_address_and_end_in_the_body(url: str) -> None:
    assert httpx.post(url, params={"query": "SELECT 1 +"}, content=b"1").text == "2\n"
    assert httpx.get(url, params={"query": "SELECT 3"}).text == "3\n"
    assert httpx.post(url, content=gzip.compress(b"SELECT 4"), headers={"content-encoding": "gzip"}).text == "4\n"


@pytest.mark.parametrize(
    ("asked", "header", "answered"),
    [
        ("SELECT 1 AS n FORMAT JSONEachRow", {}, "JSONEachRow"),
        ("SELECT 1 AS n FORMAT JSONEachRow -- a remark", {}, "JSONEachRow"),
        ("SELECT 1 AS n", {}, "TabSeparated"),
        ("SELECT 1 AS n", {"X-ClickHouse-Format": "CSV"}, "CSV"),
        ("SELECT 1 AS n -- FORMAT JSON", {}, "TabSeparated"),
        ("SELECT ' FORMAT JSON' AS n", {}, "TabSeparated"),
    ],
)
def test_the_format_is_the_one_asked_for(url: str, asked: str, header: dict[str, str], answered: str) -> None:
    assert httpx.post(url, content=asked.encode(), headers=header).headers["X-ClickHouse-Format"] == answered


def test_headers_tell_the_query_and_its_cost(url: str) -> None:
    answer = _ask(url, "SELECT count() FROM audit_log FORMAT JSON", query_id="mine")
    assert answer.headers["X-ClickHouse-Query-Id"] == "mine"
    assert '"result_rows": "1"' in answer.headers["X-ClickHouse-Summary"]
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["X-ClickHouse-Server-Display-Name"]


def test_gzip_is_sent_where_the_query_wants_it(url: str) -> None:
    answer = _ask(url, "SELECT number FROM numbers(10000)", enable_http_compression="1")
    assert answer.headers["content-encoding"] == "gzip"
    assert len(answer.text.split()) == 10_000
    assert "content-encoding" not in _ask(url, "SELECT 1").headers


def test_probes_answer_ok(url: str) -> None:
    for path in ("/", "/ping", "/replicas_status"):
        assert httpx.get(url + path).text == "Ok.\n"


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("SELEC 1", 400, 62),
        ("", 400, 62),
        ("SELECT 1; SELECT 2", 400, 62),
        ("SELECT * FROM nowhere", 404, 60),
        ("SELECT nothing", 404, 47),
        ("SELECT 1 FORMAT Nonsense", 404, 73),
        ("SELECT throwIf(1)", 500, 395),
        ("SELECT {missing:UInt8}", 400, 456),
        ("exit", 404, 47),
        ("?? show me everything", 400, 62),
    ],
)
def test_a_failure_has_clickhouses_shape(url: str, query: str, status: int, code: int) -> None:
    answer = httpx.post(url, params={"database": ""}, content=query.encode())
    assert (answer.status_code, answer.headers["X-ClickHouse-Exception-Code"]) == (status, str(code))
    assert answer.text.startswith(f"Code: {code}. DB::Exception: ")


def test_a_failure_on_the_way_reaches_the_client(client: Client) -> None:
    answer = client.query("SELECT throwIf(number = 20000000) FROM numbers(20000001)")
    with pytest.raises(StreamFailureError, match="non-zero"):
        list(answer.result_rows)


REFUSED = {
    "insert": "INSERT INTO audit_log (actor) VALUES ('eve')",
    "create": "CREATE TABLE stolen (a UInt8) ENGINE = Memory",
    "temporary table": "CREATE TEMPORARY TABLE stolen (a UInt8)",
    "drop": "DROP TABLE audit_log",
    "alter": "ALTER TABLE audit_log DELETE WHERE 1",
    "delete": "DELETE FROM audit_log WHERE 1",
    "truncate": "TRUNCATE TABLE audit_log",
    "set": "SET readonly = 0",
    "settings clause": "SELECT 1 SETTINGS readonly = 0",
    "system": "SYSTEM FLUSH LOGS",
    "kill": "KILL QUERY WHERE 1",
    "use": "USE system",
    "attach": "ATTACH DATABASE other",
    "backup": "BACKUP TABLE audit_log TO File('/tmp/backup')",
    "outfile": "SELECT 1 INTO OUTFILE '{path}'",
    "outfile in capitals and remarks": "SELECT 1 iNtO/* x */\n--\noUtFiLe '{path}' TRUNCATE",
    "outfile and stdout": "SELECT 1 INTO OUTFILE '{path}' AND STDOUT",
    "outfile of show": "SHOW TABLES INTO OUTFILE '{path}'",
    "outfile of describe": "DESCRIBE audit_log INTO OUTFILE '{path}'",
    "outfile of explain": "EXPLAIN SELECT 1 INTO OUTFILE '{path}'",
    "outfile after a here document": "SELECT $a$ -- $a$ INTO OUTFILE '{path}'",
    "outfile in curly quotes": "SELECT 1 INTO OUTFILE ‘{path}’",
    "file source": "SELECT * FROM file('/etc/hostname', 'LineAsString')",
    "file source described": "DESCRIBE file('/etc/hostname', 'LineAsString')",
    "file function": "SELECT file('/etc/hostname')",
    "file function in quotes": "SELECT `file`('/etc/hostname')",
    "file function in escaped quotes": "SELECT \"fi\\x6ce\"('/etc/hostname')",
    "file function in curly quotes": "SELECT “file”('/etc/hostname')",
    "file function behind a remark": "SELECT file/* */('/etc/hostname')",
    "file function by name": "SELECT arrayMap(file, ['/etc/hostname'])",
    "file function by parameter": "SELECT arrayMap({{f:Identifier}}, ['/etc/hostname'])",
    "file function under an alias": "WITH file AS f SELECT arrayMap(f, ['/etc/hostname'])",
    "url": "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
    "url described": "DESCRIBE url('http://127.0.0.1:1/x.csv')",
    "s3 described": "DESCRIBE s3('http://127.0.0.1:1/bucket/key.csv')",
    "remote": "SELECT * FROM remote('127.0.0.1:9000', system, one)",
    "executable": "SELECT * FROM executable('id', 'TSV', 'line String')",
    "python": "SELECT * FROM Python(secrets)",
    "eval": "SELECT * FROM eval(concat('SELECT fi', 'le(''/etc/hostname'')'))",
    "second statement": "SELECT 1; DROP TABLE audit_log",
    "statement behind a remark": "SELECT 1 /* ; */; INSERT INTO audit_log (actor) VALUES ('eve')",
}


@pytest.mark.parametrize("attempt", REFUSED)
def test_whatever_is_not_reading_is_refused(url: str, ledger: Store, tmp_path: Path, attempt: str) -> None:
    target = tmp_path / "out.tsv"
    query = REFUSED[attempt].replace("{path}", str(target)).replace("{{", "{").replace("}}", "}")
    answer = _ask(url, query, param_f="file")
    assert answer.status_code in (400, 403), answer.text
    assert not target.exists()
    assert ledger.query("SELECT count() AS n FROM audit_log") == [{"n": 3}]


@pytest.mark.parametrize(
    ("name", "status"), [("readonly", 403), ("allow_ddl", 403), ("format_template_resultset", 403), ("no such", 404)]
)
def test_a_setting_that_is_not_harmless_is_refused(url: str, name: str, status: int) -> None:
    assert _ask(url, "SELECT 1", **{name: "0"}).status_code == status


def test_asking_to_read_only_is_no_change(url: str) -> None:
    assert _ask(url, "SELECT 1", readonly="1").text == "1\n"


def test_words_that_only_look_refused_are_answered(url: str) -> None:
    assert _ask(url, "SELECT 'INTO OUTFILE file(' AS x, 1 AS into, 2 AS outfile, 3 AS url").status_code == 200
    assert _ask(url, "(SELECT 1) UNION ALL (SELECT 2)").status_code == 200
    assert _ask(url, "WITH t AS (SELECT 1 AS url) SELECT url FROM t").text == "1\n"


def test_the_lists_still_fit_the_engine(ledger: Store) -> None:
    """A newer engine with new functions of these kinds must be looked at before it is used."""
    artificial = ledger.query("SELECT lower(name) AS name FROM system.functions WHERE name ILIKE 'ai%'")
    assert {row["name"] for row in artificial} <= REFUSED_NAMES
    sources = ledger.query("SELECT lower(name) AS name FROM system.table_functions")
    assert {row["name"] for row in sources} >= TABLE_FUNCTIONS


def test_a_token_is_asked_for_in_every_way_clients_send_one(ledger: Store) -> None:
    with serving(_app(ledger, token=SecretStr("s3cret"))) as url:
        assert httpx.post(url, content=b"SELECT 1").status_code == 401
        assert httpx.post(url, content=b"SELECT 1", auth=("default", "wrong")).status_code == 403
        for offer in (
            {"auth": ("default", "s3cret")},
            {"headers": {"X-ClickHouse-User": "anyone", "X-ClickHouse-Key": "s3cret"}},
            {"headers": {"Authorization": "Bearer s3cret"}},
            {"params": {"password": "s3cret"}},
        ):
            assert httpx.post(url, content=b"SELECT 1", **offer).text == "1\n"  # type: ignore[arg-type]


def test_an_open_address_needs_a_token(ledger: Store) -> None:
    with pytest.raises(SettingsError, match="loopback"):
        _app(ledger, host="0.0.0.0")


def test_a_renamed_machine_is_not_answered_to_without_a_token(url: str) -> None:
    answer = httpx.post(url, content=b"SELECT 1", headers={"host": "evil.example:8123"})
    assert answer.status_code == 403


def test_queries_run_side_by_side_and_queue_beyond_the_lanes(url: str) -> None:
    def ask(number: int) -> str:
        return _ask(url, f"SELECT {number} FROM numbers(1) WHERE sleep(0.05) = 0").text

    with concurrent.futures.ThreadPoolExecutor(max_workers=16) as threads:
        assert list(threads.map(ask, range(32))) == [f"{number}\n" for number in range(32)]


def test_who_waits_too_long_is_told_to_come_back(ledger: Store) -> None:
    with (
        serving(_app(ledger, max_parallel=1, max_wait_s=0.05)) as url,
        concurrent.futures.ThreadPoolExecutor(max_workers=4) as threads,
    ):
        answers = list(threads.map(lambda _: _ask(url, "SELECT sleep(0.3)").status_code, range(4)))
    assert sorted(set(answers)) == [200, 503]


def test_a_query_ends_at_its_time_limit(ledger: Store) -> None:
    with serving(_app(ledger, max_execution_s=0.2)) as url:
        answer = _ask(url, "SELECT sum(cityHash64(number)) FROM numbers(100000000000)")
    assert answer.headers["X-ClickHouse-Exception-Code"] == "159"


def test_a_big_answer_is_sent_while_it_is_made(url: str) -> None:
    """The first bytes are here long before two hundred million rows could have been held anywhere."""
    with httpx.stream("POST", url, content=b"SELECT number, toString(number) FROM numbers(200000000)") as answer:
        first = next(answer.iter_bytes())
    assert first.startswith(b"0\t0\n")
    assert _ask(url, "SELECT 1").text == "1\n"


def test_parquet_is_whole(url: str) -> None:
    answer = _ask(url, "SELECT number FROM numbers(300000) FORMAT Parquet")
    assert len(pd.read_parquet(io.BytesIO(answer.content))) == 300_000
