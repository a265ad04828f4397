"""What may a table's .sql file do? One SELECT over files below the workspace and its source folders, nothing else.

The statement is read by DuckDB's own parser (its JSON form), so there is no second opinion on what the text means. File
names written relative to the workspace become absolute there; DuckDB itself then refuses what lies outside the folders.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb

from salesnb.errors import InputError

Locate = Callable[
    [str, str | None], tuple[str, str | None]
]  # file as written, encoding → absolute name, encoding to use
Export = Callable[[list[str], dict[str, list[str]]], Path]  # file as written, options → the Parquet file
EXPORT = "read_export"
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
STATEMENT_LIMIT = 300.0  # seconds
# a warehouse's functions that do more than compute: they reach files, other sessions or addresses, run a text, set, count on
DOING = re.compile(
    r"pg_.*|lo_.*|lo(?:read|write)|dblink.*|http.*|aws_.*|query_.*|(?:table|schema|database|cursor)_to_xml.*"
    r"|ts_(?:stat|rewrite)|(?:try_)?reflect|java_method|set_config|(?:curr|next|set|last)val"
)
MISSING = re.compile(r'(?:does not have a column named|Referenced column) "((?:[^"]|"")+)"')
PLAIN = frozenset({"pg_typeof", "pg_collation_for", "pg_column_size", "pg_size_pretty", "pg_client_encoding"})
ROW_FUNCTIONS = frozenset({"generate_series", "range", "unnest", "repeat", "json_each", "json_tree"})


def single_select(
    sql: str,
    *,
    name: str,
    connection: duckdb.DuckDBPyConnection,
    locate: Locate,
    there: bool = False,
    export: Export | None = None,
) -> str:
    """`sql` with each file's name and encoding passed through `locate`; `InputError` where it is not a single SELECT.

    `name` is the file's name for the message; `connection` serves as the parser only, nothing is run. `there`: it is to run
    in a warehouse, whose functions may do more than DuckDB's. `export` brings a foreign file into the form of a table for
    ``read_export('file', …)``, and gives the Parquet file that holds it.
    """
    ((text,),) = connection.execute("SELECT json_serialize_sql(?::VARCHAR)", [sql]).fetchall()
    parsed = json.loads(text)
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
    for node in list(_nodes(parsed)):
        if export is not None and _read_export(node, name, export):
            continue
        _known_functions_only(node, name)
        if there:
            _no_doing(node, name)
        _locate_files(node, locate)
    ((located,),) = connection.execute(
        "SELECT json_deserialize_sql(?::JSON)", [json.dumps(parsed)]
    ).fetchall()
    return str(located)


def _nodes(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        yield part
        for value in part.values():
            yield from _nodes(value)
    elif isinstance(part, list):
        for value in part:
            yield from _nodes(value)


def _read_export(node: dict[str, Any], name: str, export: Export) -> bool:
    """Puts the table that a foreign file was brought into in the place of ``read_export('file', option := value, …)``."""
    if node.get("type") != "TABLE_FUNCTION" or node["function"]["function_name"].lower() != EXPORT:
        return False
    written: list[str] = []
    options: dict[str, list[str]] = {}
    for given in node["function"]["arguments"]:
        found = [literal["text"] for literal in _constants(given["expression"])]
        if given["name"]:
            options[given["name"]] = found
        elif found:
            written = found
    if not written:
        raise InputError("{name}: read_export needs the name of a file in quotes", name=name)
    function = node["function"]
    function["function_name"], function["qualified_name"] = "read_parquet", {"path": ["read_parquet"]}
    place = {"kind": "STRING", "text": str(export(written, options))}
    first = function["arguments"][0]
    function["arguments"] = [
        {**first, "name": "", "expression": {**_constant(first["expression"]), "literal": place}}
    ]
    return True


def _constant(expression: dict[str, Any]) -> dict[str, Any]:
    return next(node for node in _nodes(expression) if node.get("type") == "VALUE_CONSTANT")


def _constants(part: Any) -> Iterator[dict[str, Any]]:
    return (
        node["literal"]
        for node in _nodes(part)
        if node.get("type") == "VALUE_CONSTANT" and node.get("literal")
    )


def _writes(parsed: Any) -> bool:
    kinds = (str(node.get("type", "")) for node in _nodes(parsed))
    return any(kind.endswith("_QUERY_NODE") for kind in kinds)


def _known_functions_only(node: dict[str, Any], name: str) -> None:
    """Some functions run a text as SQL, open files that `locate` does not see, or change settings: those known to be safe are
    listed, all others refused."""
    if node.get("type") != "TABLE_FUNCTION":
        return
    function = str(node["function"]["function_name"])
    if function.lower() not in FILE_FUNCTIONS | ROW_FUNCTIONS:
        raise InputError(
            "{name}: the function {function} may not be used here; read files with read_export, read_csv, read_parquet or read_json",
            name=name,
            function=function,
        )


def _no_doing(node: dict[str, Any], name: str) -> None:
    function = str(node.get("function_name", "")).lower()
    if DOING.fullmatch(function) and function not in PLAIN:
        raise InputError(
            "{name}: the function {function} may not be used in a warehouse; a table's statement only reads rows",
            name=name,
            function=function,
        )


def _locate_files(node: dict[str, Any], locate: Locate) -> None:
    if node.get("type") == "BASE_TABLE" and _is_file(node.get("table_name", "")):
        node["table_name"], _ = locate(node["table_name"], None)
        node["qualified_name"] = {"path": [node["table_name"]]}
    if node.get("type") != "TABLE_FUNCTION":
        return
    function = node["function"]
    if function["function_name"].lower() not in FILE_FUNCTIONS or not function["arguments"]:
        return
    given = next(_option(function["arguments"], "encoding"), None)
    for literal in _texts(function["arguments"][0]):
        literal["text"], encoding = locate(literal["text"], given["text"] if given else None)
        if given and encoding:
            given["text"] = encoding


def _option(arguments: Any, name: str) -> Iterator[dict[str, Any]]:
    """The text given to a named argument, to be read or changed in place."""
    for node in _nodes(arguments):
        if node.get("type") == "COMPARE_EQUAL" and node["left"].get("column_names") == [name]:
            yield from _texts(node["right"])


def _texts(part: Any) -> Iterator[dict[str, Any]]:
    for node in _nodes(part):
        literal = node.get("literal")
        if node.get("type") == "VALUE_CONSTANT" and literal and literal["kind"] == "STRING":
            yield literal


def _is_file(name: str) -> bool:
    suffixes = Path(name).suffixes
    return (
        "/" in name
        or "\\" in name
        or bool({".csv", ".tsv", ".txt", ".parquet", ".json", ".ndjson", ".gz", ".zst"} & set(suffixes))
    )


def _first_line(text: str) -> str:
    return text.strip().splitlines()[0] if text.strip() else text


def missing_column(error: duckdb.Error) -> str | None:
    """The column that a statement names and no file has; None where that is not what is wrong."""
    found = MISSING.search(str(error))
    return found.group(1) if found else None


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
