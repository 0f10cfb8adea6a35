"""Quoting for the statements the compiler writes: literals, and names of columns and tuple elements."""

from billtrail.store.binding import quote_text

__all__ = ["quote_name", "quote_text"]


def quote_name(name: str) -> str:
    """Quote a column or element name."""
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"
