"""One reading of a stream from a position to its end, page by page: what to ask next, and whether that was the last."""

import re
from typing import Any

import httpx

from billtrail.errors import DeliveryError
from collector.mapping.pull import HttpPull
from collector.pull.reach import fill_template, fill_text, find_text

_LONE_HOLE = re.compile(r"\{[a-z]+\}")
# A vendor whose every page says that there is another must not hold a stream for ever.
MAX_PAGES = 100_000


class Walk:
    """Knows the page to ask for. `found` are the positions of the items so far."""

    def __init__(self, rule: HttpPull, cursor: str, now: str) -> None:
        self.found: list[str] = []
        self._rule = rule
        self._holes = {"cursor": cursor, "now": now, "page": "1", "offset": "0", "token": ""}
        self._link = ""
        self._pages = 0

    def build_request(self) -> httpx.Request:
        """Make the request for the page at hand."""
        rule = self._rule
        if self._link:
            return httpx.Request(rule.method, self._link, headers=self._headers(), json=self._body())
        # A parameter that is nothing but a hole nothing stands in is left out: the first page has no token.
        query = {
            name: text
            for name, template in rule.query.items()
            if (text := fill_text(template, self._holes)) or not _LONE_HOLE.fullmatch(template)
        }
        url = httpx.URL(fill_text(rule.url, self._holes))
        url = url.copy_merge_params(query) if query else url
        return httpx.Request(rule.method, url, headers=self._headers(), json=self._body())

    def turn(self, body: Any, count: int) -> bool:
        """Go to the next page; answer whether there is one. Raises DeliveryError on a page that leads nowhere."""
        paging, self._pages = self._rule.paging, self._pages + 1
        if self._pages >= MAX_PAGES:
            raise DeliveryError(f"{MAX_PAGES} pages and no end", hint="check `paging`")
        if paging.more and find_text(paging.more, body) != "true":
            return False
        match paging.kind:
            case "page" | "offset":
                if not count or (paging.size and count < paging.size and not paging.more):
                    return False
                self._holes["page"] = str(int(self._holes["page"]) + 1)
                self._holes["offset"] = str(int(self._holes["offset"]) + count)
                return True
            case "token":
                before, self._holes["token"] = self._holes["token"], find_text(paging.path, body)
                return bool(self._holes["token"]) and self._holes["token"] != before
            case "link":
                return self._follow(find_text(paging.path, body))
        return False

    def _follow(self, link: str) -> bool:
        """Take a link, which must stay with the vendor: it is asked with our credentials."""
        if not link:
            return False
        home = httpx.URL(fill_text(self._rule.url, self._holes))
        there = home.join(link)
        if (there.scheme, there.host, there.port) != (home.scheme, home.host, home.port):
            raise DeliveryError(f"the next page is at {there.host}, not at {home.host}", is_permanent=True)
        is_new = str(there) != self._link
        self._link = str(there)
        return is_new

    def _headers(self) -> dict[str, str]:
        return {"accept": "application/json", **self._rule.headers}

    def _body(self) -> Any:
        return None if self._rule.body is None else fill_template(self._rule.body, self._holes)
