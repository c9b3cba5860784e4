"""Columns and filter expressions of Iceberg tables."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from ..filters import Filter, told

if TYPE_CHECKING:
    from pyiceberg.expressions import BooleanExpression
    from pyiceberg.schema import Schema
    from pyiceberg.table import DataScan, Transaction
    from pyiceberg.table.metadata import TableMetadata


def arrow(scan: "DataScan") -> pa.Schema:
    """Return the Arrow schema of a scan."""
    return scan.projection().as_arrow()


def named(metadata: "TableMetadata", schema: "Schema") -> "TableMetadata":
    """Return table metadata whose name mapping includes dropped columns of a snapshot.

    Files without field ids are read by name, and the mapping of a table omits dropped columns.

    Args:
        metadata: The metadata of the table.
        schema: The schema of the snapshot to read.
    """
    from pyiceberg.table import TableProperties
    from pyiceberg.table.name_mapping import NameMapping, create_mapping_from_schema

    mapping = metadata.name_mapping()
    if mapping is None:
        return metadata
    there = {each.field_id: each for each in mapping}
    whole = [there.get(each.field_id, each) for each in create_mapping_from_schema(schema)]
    stated = {TableProperties.DEFAULT_NAME_MAPPING: NameMapping(whole).model_dump_json()}
    return metadata.model_copy(update={"properties": {**metadata.properties, **stated}})


def fit(transaction: "Transaction", there: pa.Schema, schema: pa.Schema) -> None:
    """Change the schema of a table to another one.

    Args:
        transaction: The transaction.
        there: The current schema.
        schema: The new schema.
    """
    old, new = _types(there), _types(schema)
    if old == new:
        return
    with transaction.update_schema(allow_incompatible_changes=True) as update:
        for name, type_ in old.items():
            if new.get(name) != type_:
                update.delete_column(name)
    with transaction.update_schema(allow_incompatible_changes=True) as update:
        update.union_by_name(schema)


def _types(schema: pa.Schema) -> dict[str, str]:
    """Return the types of columns by name; Iceberg has a single string type."""
    return {field.name: str(field.type).removeprefix("large_") for field in schema}


def condition(filters: Iterable[Filter], there: pa.Schema) -> "BooleanExpression":
    """Return the Iceberg expression of filters, without those that need exact NaN semantics."""
    from pyiceberg import expressions as ice

    compare: dict[str, Any] = {
        "==": ice.EqualTo,
        "!=": ice.NotEqualTo,
        "<": ice.LessThan,
        "<=": ice.LessThanOrEqual,
        ">": ice.GreaterThan,
        ">=": ice.GreaterThanOrEqual,
        "in": ice.In,
    }
    parts: list[BooleanExpression] = []
    for each in told(filters, there):
        value = each.typed(there.field(each.column).type)
        if each.op == "missing":
            missing: Any = ice.IsNull if value else ice.NotNull
            parts.append(missing(each.column))
        else:
            parts.append(compare[each.op](each.column, value))
    return ice.And(ice.AlwaysTrue(), ice.AlwaysTrue(), *parts)
