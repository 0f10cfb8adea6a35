"""Reading statements: one `.sql` file, one statement, a header of comments: question, parameters, cost.

What several statements share is a file in `sql/parts`, and stands where they say `{{part NAME}}`.
"""

import re
from functools import cache
from importlib.resources import files

_PART = re.compile(r"\{\{part (\w+)\}\}")


@cache
def read_statement(package: str, name: str) -> str:
    """Return the text of `<package>/sql/<name>.sql`. Raises FileNotFoundError when there is none."""
    folder = files(package) / "sql"
    text = (folder / f"{name}.sql").read_text(encoding="utf-8").strip().rstrip(";")
    return _PART.sub(lambda found: (folder / "parts" / f"{found[1]}.sql").read_text(encoding="utf-8").strip(), text)
