"""Reading statements: one `.sql` file, one statement, a header of comments: question, parameters, cost."""

from functools import cache
from importlib.resources import files


@cache
def read_statement(package: str, name: str) -> str:
    """Return the text of `<package>/sql/<name>.sql`. Raises FileNotFoundError when there is none."""
    return (files(package) / "sql" / f"{name}.sql").read_text(encoding="utf-8").strip().rstrip(";")
