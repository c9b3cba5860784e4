"""The notation of text files: their encoding, their numbers, and texts that look like formulas."""

import codecs
import re
from dataclasses import dataclass
from typing import Annotated

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types
from pydantic import AfterValidator

POINT, OTHER = ".", "\0"


def _known(encoding: str) -> str:
    """Return the name of an encoding that Python knows."""
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        raise ValueError("unknown encoding; common ones: utf-8, latin-1, cp1252") from None


Encoding = Annotated[str, AfterValidator(_known)]


@dataclass(frozen=True)
class Notation:
    """A notation of numbers.

    Attributes:
        decimal: The decimal mark.
        thousands: The separator of groups of three digits, if there is one.
    """

    decimal: str
    thousands: str | None

    def plain(self, texts: pa.Array) -> pa.Array:
        """Return numbers with a decimal point, and without thousands separators.

        A text in another notation is not a number afterwards.
        """
        if self.thousands:
            plain = pc.replace_substring(texts, self.thousands, "")
            texts = pc.if_else(pc.match_substring_regex(texts, self._grouped), plain, texts)
        if self.decimal != POINT:
            for mark, other in ((POINT, OTHER), (self.decimal, POINT), (OTHER, self.decimal)):
                texts = pc.replace_substring(texts, mark, other)
        return texts

    def all_match(self, texts: pa.Array) -> bool:
        """Return whether all texts are numbers, some of them with thousands separators."""
        grouped = pc.any(pc.match_substring_regex(texts, self._grouped)).as_py()
        number = pc.match_substring_regex(self.plain(texts), r"^\s*[+-]?\d+(\.\d*)?\s*$")
        return bool(grouped and pc.all(number).as_py())

    @property
    def _grouped(self) -> str:
        """The regular expression of a number with thousands separators."""
        group, mark = re.escape(self.thousands or ""), re.escape(self.decimal)
        return rf"^\s*[+-]?\d{{1,3}}({group}\d{{3}})+({mark}\d*)?\s*$"


def escape_formulas(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return rows with an apostrophe before each text that a spreadsheet would evaluate.

    https://owasp.org/www-community/attacks/CSV_Injection
    """
    columns = [
        pc.replace_substring_regex(column, r"^([=+\-@\t\r\n])", r"'\1")
        if types.is_string(column.type)
        else column
        for column in batch.columns
    ]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)
