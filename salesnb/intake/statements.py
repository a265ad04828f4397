"""What may a table's .sql file do? One SELECT over files below the workspace and its source folders, nothing else.

The statement is read by DuckDB's own parser (its JSON form), so there is no second opinion on what the text means. File
names written relative to the workspace become absolute there; DuckDB itself then refuses what lies outside the folders.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb

from salesnb.errors import InputError

FILE_FUNCTIONS = frozenset(
    {
        *(
            "read_csv",
            "read_csv_auto",
            "sniff_csv",
            "read_parquet",
            "parquet_scan",
            "parquet_metadata",
            "parquet_schema",
        ),
        *(
            "read_json",
            "read_json_auto",
            "read_ndjson",
            "read_ndjson_auto",
            "read_json_objects",
            "read_ndjson_objects",
        ),
        *("read_text", "read_blob", "glob"),
    }
)


def single_select(
    sql: str, *, name: str, connection: duckdb.DuckDBPyConnection, locate: Callable[[str], str]
) -> str:
    """`sql` with each file's name passed through `locate`; `InputError` where it is not a single SELECT.

    `name` is the file's name for the message; `connection` serves as the parser only, nothing is run.
    """
    row = connection.execute("SELECT json_serialize_sql(?::VARCHAR)", [sql]).fetchone()
    assert row is not None
    parsed = json.loads(row[0])
    if parsed["error"] and parsed.get("error_type") == "parser":
        line = sql.encode()[: int(parsed.get("position") or 0)].count(b"\n") + 1
        raise InputError(
            "{name}: line {line} is not SQL that DuckDB understands: {problem}; correct the statement",
            name=name,
            line=line,
            problem=_first_line(parsed["error_message"]),
        )
    if parsed["error"] or _writes(parsed) or not parsed["statements"]:
        raise InputError(
            "{name}: only a single SELECT is run here; write the table as one SELECT over the raw files",
            name=name,
        )
    if len(parsed["statements"]) > 1:
        raise InputError(
            "{name}: there are {count:count} statements, but only a single SELECT is run here; keep one",
            name=name,
            count=len(parsed["statements"]),
        )
    for node in _nodes(parsed):
        _locate_files(node, locate)
    row = connection.execute("SELECT json_deserialize_sql(?::JSON)", [json.dumps(parsed)]).fetchone()
    assert row is not None
    return str(row[0])


def _nodes(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        yield part
        for value in part.values():
            yield from _nodes(value)
    elif isinstance(part, list):
        for value in part:
            yield from _nodes(value)


def _writes(parsed: Any) -> bool:
    kinds = (str(node.get("type", "")) for node in _nodes(parsed))
    return any(kind.endswith("_QUERY_NODE") for kind in kinds)


def _locate_files(node: dict[str, Any], locate: Callable[[str], str]) -> None:
    if node.get("type") == "TABLE_FUNCTION":
        function = node["function"]
        if function["function_name"].lower() in FILE_FUNCTIONS and function["arguments"]:
            for constant in _nodes(function["arguments"][0]):
                literal = constant.get("literal")
                if constant.get("type") == "VALUE_CONSTANT" and literal and literal["kind"] == "STRING":
                    literal["text"] = locate(literal["text"])
    elif node.get("type") == "BASE_TABLE" and _is_file(node.get("table_name", "")):
        node["table_name"] = locate(node["table_name"])
        node["qualified_name"] = {"path": [node["table_name"]]}


def _is_file(name: str) -> bool:
    suffixes = Path(name).suffixes
    return (
        "/" in name
        or "\\" in name
        or bool({".csv", ".tsv", ".txt", ".parquet", ".json", ".ndjson", ".gz", ".zst"} & set(suffixes))
    )


def _first_line(text: str) -> str:
    return text.strip().splitlines()[0] if text.strip() else text


def query_problem(error: duckdb.Error, *, name: str) -> InputError:
    """What a statement that DuckDB could not run means for the person who wrote it."""
    problem = _first_line(str(error))
    if isinstance(error, duckdb.PermissionException):
        return InputError(
            "{name}: reads outside the workspace ({problem}); list the folder under source.folders in plan.yml",
            name=name,
            problem=problem.removeprefix("Permission Error: "),
        )
    return InputError(
        "{name}: the statement cannot be run: {problem}; correct it", name=name, problem=problem
    )
