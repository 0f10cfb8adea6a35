"""Reads `pull`, `files` and `spans` of a source. A mistake is noted with its place, like everywhere in the document."""

import codecs
import re
from collections.abc import Mapping

from collector.mapping.document import Node, name_nearest
from collector.mapping.path import Path
from collector.mapping.pull import (
    HOLES,
    Auth,
    CursorRule,
    FileRule,
    HttpPull,
    Paging,
    PubSubPull,
    Pull,
    SpanRule,
    Template,
)
from collector.mapping.read_expression import read_path

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_DURATION = re.compile(r"(\d{1,6})([smhd])")
_HOLE = re.compile(r"\{([^{}]*)\}")
_HTTP = (
    "stream", "by", "url", "method", "query", "headers", "body", "auth", "items", "message", "cursor", "paging",
    "every", "keeps", "per_minute", "expired",
)  # fmt: skip
_PUBSUB = ("stream", "by", "endpoint", "topics", "auth", "requested", "start", "reads_again")
_FORMS = ("time", "number", "text")
# By kind of authentication: the names of secrets, then plain texts.
_AUTH: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "none": ((), ()),
    "bearer": (("token",), ()),
    "basic": (("user", "password"), ()),
    "oauth2": (("client_id", "client_secret"), ("token_url", "scope")),
    "oauth1": (("consumer_key", "consumer_secret", "token", "token_secret"), ("realm",)),
}
_OPTIONAL = ("scope",)


def read_pulls(node: Node) -> tuple[Pull, ...]:
    """Read the list of streams; their names are told apart."""
    pulls: list[Pull] = []
    for element in node.elements():
        pull = _read_pull(element)
        if pull and pull.stream in {one.stream for one in pulls}:
            element.complain(f"the stream {pull.stream} stands here twice")
        if pull:
            pulls.append(pull)
    return tuple(pulls)


def read_files(node: Node) -> FileRule:
    """Read how dropped files are to be read."""
    found = node.fields(("delimiter", "encoding", "complete"))
    delimiter = found["delimiter"].text if "delimiter" in found else ""
    if "delimiter" in found and len(delimiter) != 1:
        found["delimiter"].complain(f"expected one character, got {delimiter!r}", 'a tab is "\\t"')
    encoding = found["encoding"].word() if "encoding" in found else ""
    try:
        codecs.lookup(encoding or "utf-8")
    except LookupError:
        found["encoding"].complain(f"no encoding is called {encoding}", "such as cp1252, latin-1 or utf-16")
    complete = found["complete"].text if "complete" in found else "rename"
    if complete not in ("rename", "done"):
        found["complete"].complain(f"expected rename or done, got {complete!r}")
    return FileRule(delimiter, encoding, complete)


def read_spans(node: Node) -> SpanRule:
    """Read which spans are messages of the source."""
    found = node.fields(("having", "failed"), ("having",))
    words = {name: value.words() for name, value in found.items()}
    return SpanRule(words.get("having", ()), words.get("failed", ()))


def _read_pull(node: Node) -> Pull | None:
    kind = next((value.text for key, value in node.entries() if key.text == "by"), "http")
    if kind == "http":
        return _read_http(node)
    if kind == "pubsub":
        return _read_pubsub(node)
    node.complain(f"nothing is pulled by {kind!r}", name_nearest(kind, ("http", "pubsub")))
    return None


def _read_http(node: Node) -> HttpPull | None:
    found = node.fields(_HTTP, ("stream", "url", "items"))
    if not {"stream", "url", "items"} <= set(found):
        return None
    method = found["method"].word() if "method" in found else "POST" if "body" in found else "GET"
    if method not in ("GET", "POST"):
        found["method"].complain(f"expected GET or POST, got {method!r}")
    return HttpPull(
        stream=_read_name(found["stream"]),
        url=_read_text(found["url"]),
        items=read_path(found["items"]),
        method=method,
        query=_read_texts(found, "query"),
        headers=_read_texts(found, "headers"),
        body=_read_template(found["body"]) if "body" in found else None,
        auth=_read_auth(found["auth"]) if "auth" in found else Auth("none", {}, {}),
        message=_read_template(found["message"], has_paths=True) if "message" in found else None,
        cursor=_read_cursor(found["cursor"]) if "cursor" in found else None,
        paging=_read_paging(found["paging"]) if "paging" in found else Paging(),
        every_s=_read_duration(found, "every", 60),
        keeps_s=_read_duration(found, "keeps", 0),
        per_minute=float(_read_number(found, "per_minute", 0)),
        expired=tuple(_as_number(one) for one in found["expired"].elements()) if "expired" in found else (),
    )


def _read_pubsub(node: Node) -> PubSubPull | None:
    found = node.fields(_PUBSUB, ("stream", "endpoint", "topics", "auth"))
    if not {"stream", "endpoint", "topics", "auth"} <= set(found):
        return None
    auth = _read_auth(found["auth"])
    if auth.kind != "oauth2":
        found["auth"].complain("the Pub/Sub API wants oauth2")
    start = found["start"].text if "start" in found else "earliest"
    if start not in ("earliest", "latest"):
        found["start"].complain(f"expected earliest or latest, got {start!r}")
    topics = tuple(word for one in found["topics"].words() for word in one.split(",") if word)
    for topic in topics:
        if not topic.startswith("/"):
            found["topics"].complain(f"expected a topic such as /data/ChangeEvents, got {topic!r}")
    return PubSubPull(
        stream=_read_name(found["stream"]),
        endpoint=_read_text(found["endpoint"]),
        topics=topics,
        auth=auth,
        requested=_read_number(found, "requested", 100),
        start=start,
        reads_again=_read_truth(found, "reads_again", default=True),
    )


def _read_auth(node: Node) -> Auth:
    kind = next((value.text for key, value in node.entries() if key.text == "kind"), "")
    if kind not in _AUTH:
        node.complain(f"no kind of authentication is called {kind!r}", name_nearest(kind, _AUTH))
        return Auth("none", {}, {})
    secrets, texts = _AUTH[kind]
    found = node.fields(("kind", *secrets, *texts), [name for name in (*secrets, *texts) if name not in _OPTIONAL])
    return Auth(
        kind,
        {name: found[name].word() for name in secrets if name in found},
        {name: _read_text(found[name]) for name in texts if name in found},
    )


def _read_cursor(node: Node) -> CursorRule | None:
    found = node.fields(("path", "as", "first", "overlap", "write", "start", "ordered"), ("path",))
    if "path" not in found:
        return None
    form = found["as"].word() if "as" in found else "time"
    if form not in _FORMS:
        found["as"].complain(f"{form} is no form of a cursor", name_nearest(form, _FORMS))
    for name in ("first", "overlap", "write"):
        if name in found and form != "time":
            found[name].complain(f"{name} is for cursors that are times")
    return CursorRule(
        path=read_path(found["path"]),
        form=form,
        first_s=_read_duration(found, "first", 0),
        overlap_s=_read_duration(found, "overlap", 0),
        write=found["write"].text if "write" in found else "",
        start=found["start"].text if "start" in found else "",
        is_ordered=_read_truth(found, "ordered", default=False),
    )


def _read_paging(node: Node) -> Paging:
    kinds = ("page", "offset", "token", "link")
    found = node.fields(("by", "at", "more", "size"), ("by",))
    kind = found["by"].word() if "by" in found else "page"
    if kind not in kinds:
        node.complain(f"no paging is called {kind!r}", name_nearest(kind, kinds))
    if (kind in ("token", "link")) != ("at" in found):
        node.complain("`at`, a path in the answer, belongs to token and link, and to nothing else")
    if kind in ("page", "offset") and not {"more", "size"} & set(found):
        node.complain(
            "say which page is the last: `size`, the items of a full page, or `more`, a path to true or false"
        )
    return Paging(
        kind,
        read_path(found["at"]) if "at" in found else None,
        read_path(found["more"]) if "more" in found else None,
        _read_number(found, "size", 0),
    )


def _read_template(node: Node, *, has_paths: bool = False) -> Template:
    if node.is_mapping:
        return {key.text: _read_template(value, has_paths=has_paths) for key, value in node.entries()}
    if node.is_list:
        return [_read_template(element, has_paths=has_paths) for element in node.elements()]
    if has_paths and node.text.startswith("$"):
        return f"${_check_path(node)}"
    return _read_text(node) if not has_paths else node.text


def _check_path(node: Node) -> str:
    path: Path = read_path(node)
    return str(path)[1:]


def _read_texts(found: Mapping[str, Node], name: str) -> dict[str, str]:
    return {key.text: _read_text(value) for key, value in found[name].entries()} if name in found else {}


def _read_text(node: Node) -> str:
    """Read a text whose holes are known. What stands in braces is a parameter of the source, or a hole."""
    for hole in _HOLE.findall(node.text):
        if hole not in HOLES:
            node.complain(f"{{{hole}}} is neither a parameter nor a hole", name_nearest(hole, HOLES))
    if not node.is_text:
        node.complain(f"expected a text, got {node.kind}")
    return node.text.strip()


def _read_name(node: Node) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", node.text):
        node.complain(f"expected a name in lower case, got {node.kind}")
    return node.text


def _read_duration(found: Mapping[str, Node], name: str, default: float) -> float:
    if name not in found:
        return default
    match = _DURATION.fullmatch(found[name].text)
    if not match:
        found[name].complain(f"expected a duration such as 60s, 5m, 12h or 9d, got {found[name].kind}")
        return default
    return int(match.group(1)) * _UNITS[match.group(2)]


def _read_number(found: Mapping[str, Node], name: str, default: int) -> int:
    return _as_number(found[name]) if name in found else default


def _as_number(node: Node) -> int:
    if not re.fullmatch(r"\d{1,6}", node.text) or not int(node.text):
        node.complain(f"expected a number from 1, got {node.kind}")
        return 1
    return int(node.text)


def _read_truth(found: Mapping[str, Node], name: str, *, default: bool) -> bool:
    if name not in found:
        return default
    if found[name].text not in ("true", "false"):
        found[name].complain(f"expected true or false, got {found[name].kind}")
    return found[name].text == "true"
