"""Casting of columns, so that a value has the same type and text whatever the format of its table.

A whole number is `1`, a boolean `true` or `false`, a time `2026-01-31` or `2026-01-31 12:30:00`, in
UTC with `Z` if it has a zone. NaN is a missing value.
"""

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

from .errors import DataError

EXACT = 2.0**53  # the first whole number after which float64 has gaps

SPELLINGS = (
    (r"^(?:True|TRUE)$", "true"),
    (r"^(?:False|FALSE)$", "false"),
    (r"^-?0+(?:\.0+)?$", "0"),
    (r"^(-?\d+)\.0+$", r"\1"),
)
TIME = r"^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d(?::?\d\d)?)?$"
ZONE = r"\d\d:\d\d.*(?:Z|[+-]\d\d(?::?\d\d)?)$"


def cast(rows: pa.RecordBatch, schema: pa.Schema, name: str, first: int = 0) -> pa.RecordBatch:
    """Return the columns of a schema, cast to its types.

    Args:
        rows: The rows, with the columns among others.
        schema: The names and types of the columns.
        name: The name of the table in messages.
        first: The index of the first row in the whole table.

    Raises:
        DataError: If a value cannot be cast; it names the table, column, row and value.
    """
    columns = []
    for field in schema:
        values = rows.column(field.name)
        try:
            columns.append(converted(values, field.type))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            row = _first_wrong(values, field.type)
            raise DataError(
                f"{name}: column '{field.name}', row {first + row}:"
                f" {_reason(values[row], field.type)}; fix the data, or the contract in schemas/"
            ) from error
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def converted(values: pa.Array, type_: pa.DataType) -> pa.Array:
    """Return values of another type, NaN as null.

    Raises:
        ArrowInvalid: If a value cannot be cast, as a number to a time, since its unit is unknown.
        ArrowNotImplementedError: If the types cannot be cast at all.
    """
    if types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if types.is_floating(values.type):
        values = pc.if_else(pc.is_nan(values), pa.scalar(None, values.type), values)
    if values.type == type_ or types.is_null(values.type):
        return values.cast(type_)
    if types.is_timestamp(type_):
        return _times(values, type_)
    if types.is_string(type_):
        return _texts(values)
    if types.is_floating(type_) and _is_text(values.type):
        return _numbers(values.cast(pa.string()), type_)
    return values.cast(type_)


def canonical(texts: pa.Array) -> pa.Array:
    """Return texts in which a boolean, whole number or time is spelled as in other formats.

    `True` becomes `true`, `1.0` becomes `1`, and `2026-01-31T00:00:00` becomes `2026-01-31`.
    """
    encoded = texts.dictionary_encode()
    distinct = encoded.dictionary
    spelled = distinct
    for pattern, spelling in SPELLINGS:
        spelled = pc.replace_substring_regex(spelled, pattern, spelling)
    spelled = _spelled_times(spelled)
    return texts if spelled.equals(distinct) else spelled.take(encoded.indices)


def _is_text(type_: pa.DataType) -> bool:
    texts = (types.is_string, types.is_large_string, types.is_string_view)
    return any(is_one(type_) for is_one in texts)


def _numbers(texts: pa.Array, type_: pa.DataType) -> pa.Array:
    """Parse numbers; booleans are 1 and 0, as in formats that have them, and spaces are ignored."""
    try:
        found = texts.cast(type_)
    except pa.ArrowInvalid:
        plain = canonical(pc.utf8_trim_whitespace(texts))
        for spelling, number in (("^true$", "1"), ("^false$", "0")):
            plain = pc.replace_substring_regex(plain, spelling, number)
        found = plain.cast(type_)
    return converted(found, type_)


def _texts(values: pa.Array) -> pa.Array:
    """Format values of any type."""
    if types.is_timestamp(values.type):
        return _time_texts(values, pa.scalar(values.type.tz is not None))
    if types.is_decimal(values.type):
        return pc.replace_substring_regex(values.cast(pa.string()), r"\.0+$", "")
    if isinstance(values.type, pa.BaseExtensionType):  # as a UUID
        return pa.array([each and str(each) for each in values.to_pylist()], pa.string())
    if not types.is_floating(values.type):
        return values.cast(pa.string())
    numbers = values.cast(pa.float64())
    whole = pc.and_(pc.equal(numbers, pc.floor(numbers)), pc.less(pc.abs(numbers), EXACT))
    integers = pc.if_else(whole, numbers, pa.scalar(None, pa.float64())).cast(pa.int64())
    return pc.coalesce(integers.cast(pa.string()), values.cast(pa.string()))


def _times(values: pa.Array, type_: pa.DataType) -> pa.Array:
    """Return times, truncated to the unit of their type; with a zone, in UTC."""
    if _is_text(values.type):
        texts = pc.replace_substring_regex(values.cast(pa.string()), r"(\.\d{6})\d+", r"\1")
        zoned = pc.match_substring_regex(texts, ZONE)
        absent = pa.scalar(None, pa.string())
        universal = pc.if_else(zoned, texts, absent).cast(pa.timestamp("us", "UTC"))
        local = pc.if_else(zoned, absent, texts).cast(pa.timestamp("us"))
        values = pc.coalesce(universal.cast(pa.timestamp("us")), local)
    elif not (types.is_timestamp(values.type) or types.is_date(values.type)):
        raise pa.ArrowInvalid(f"no time: {values.type}")
    return pc.cast(values, options=pc.CastOptions(type_, allow_time_truncate=True))


def _time_texts(times: pa.Array, zoned: pa.Array | pa.Scalar) -> pa.Array:
    """Format times in UTC without zeros that say nothing; those with a zone end with Z."""
    texts = _times(times, pa.timestamp("us")).cast(pa.string())
    for pattern, spelling in ((r"\.0{6}$", ""), (r"(\.\d*[1-9])0+$", r"\1")):
        texts = pc.replace_substring_regex(texts, pattern, spelling)
    universal = pc.binary_join_element_wise(texts, "Z", "")
    return pc.if_else(zoned, universal, pc.replace_substring_regex(texts, " 00:00:00$", ""))


def _spelled_times(texts: pa.Array) -> pa.Array:
    """Return texts in which times are spelled as `_time_texts` does; others are unchanged."""
    found = pc.match_substring_regex(texts, TIME)
    given = texts.filter(found)
    try:
        zoned = pc.match_substring_regex(given, ZONE)
        spelled = _time_texts(given, zoned)
    except pa.ArrowInvalid:  # one is not a time, such as a month 13
        if len(texts) == 1:
            return texts
        half = len(texts) // 2
        return pa.concat_arrays([_spelled_times(texts[:half]), _spelled_times(texts[half:])])
    return pc.replace_with_mask(texts, found, spelled) if len(given) else texts


def _first_wrong(values: pa.Array, type_: pa.DataType) -> int:
    """Return the index of the first value that cannot be cast, by bisection."""
    low, high = 0, len(values)
    while high - low > 1:
        middle = (low + high) // 2
        try:
            converted(values[low:middle], type_)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            high = middle
        else:
            low = middle
    return low


def _reason(value: pa.Scalar, type_: pa.DataType) -> str:
    """Return why a value cannot be cast."""
    given = repr(value.as_py())
    if types.is_floating(type_) and types.is_integer(value.type):
        return f"{given} is above 2**53, not exact as a number: declare a category, or make it text"
    if types.is_timestamp(type_) and not _is_text(value.type):
        return f"{given} is {value.type}, and its unit is unknown: convert it to a timestamp"
    named = {"double": "a number", "timestamp[us]": "a time in ISO 8601"}
    return f"{given} is not {named.get(str(type_), 'a value')} ({type_})"
