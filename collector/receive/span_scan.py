"""Ordinary spans in protobuf, recognised in the bytes of a whole request at once.

Looking at every span through the protobuf library costs three times what parsing them does. Senders write the fields of
a span in the order of their numbers, so one with valid ids begins with its length, `0A 10`, sixteen bytes, `12 08` and
eight bytes, and all such places of a request are found by comparing arrays.

Like `span_shape.py` this answers yes or "look closer", never no. A text made to look like a span may pass for one that
has no valid ids: then its sender is not told, and the loader, which looks at every span, keeps it as a dead letter. Who
takes the trouble may also hide a span over the limits of size behind several of them; the limit of the request holds.
"""

import numpy as np
from numpy.typing import NDArray

_BEFORE, _IDS = 4, 28
"""Bytes a length and its tag take at most; bytes both ids take with their tags and lengths."""


def are_ordinary(body: bytes, count: int, most_bytes: int) -> bool:
    """Tell whether all `count` spans of a request have valid ids and at most so many bytes each."""
    data = np.frombuffer(body, np.uint8)
    if count == 0 or len(data) < _BEFORE + _IDS:
        return count == 0
    starts = _find_ids(data)
    one, two, three = (data[starts - before] for before in (1, 2, 3))
    is_short = (two == 0x12) & (one >= _IDS) & (one < 0x80)
    is_long = (three == 0x12) & (two >= 0x80) & (one < 0x80)
    lengths = np.where(is_short, one, (two & 0x7F) + one.astype(np.uint32) * 0x80)[is_short | is_long]
    starts = starts[is_short | is_long]
    # What none of them holds is less than one span may be: nothing large hides between them.
    if len(starts) != count or lengths.max() > most_bytes or len(body) - int(lengths.sum()) - 3 * count > most_bytes:
        return False
    words = np.ndarray(len(body) - 7, "<u8", body, strides=(1,))
    return bool(np.all((words[starts + 2] | words[starts + 10]) != 0) and np.all(words[starts + 20] != 0))


def _find_ids(data: NDArray[np.uint8]) -> NDArray[np.intp]:
    end = len(data) - _IDS + 1
    begins = data[_BEFORE:end] == 0x0A
    begins &= data[_BEFORE + 1 : end + 1] == 0x10
    starts: NDArray[np.intp] = np.flatnonzero(begins) + _BEFORE
    has_span_id: NDArray[np.bool_] = (data[starts + 18] == 0x12) & (data[starts + 19] == 0x08)
    return np.compress(has_span_id, starts)
