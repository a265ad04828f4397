"""Which files may a statement read, and in which encoding does the engine find them?

A name is relative to the workspace, may hold wildcards, and must lie, links followed, below the workspace or one of the
source folders. The engine has no GB18030: such a file is read from a UTF-8 copy in a scratch folder.
"""

from __future__ import annotations

import glob
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from salesnb.errors import InputError
from salesnb.intake.files import is_passed_over
from salesnb.intake.reading import decoding, exports, readings, shapes
from salesnb.language import Message

DELIMITED = (".csv", ".tsv", ".txt")
ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")  # http, s3, …
CHINESE = ("gb18030", "gbk", "gb2312", "cp936")


@dataclass(frozen=True)
class RawFiles:
    """The files that the statement `name` may read; `doubts` holds what was noticed about those that it did, `headings` what
    foreign files are headed by."""

    name: str
    workspace: Path
    folders: Sequence[Path]
    scratch: Path
    chinese: bool = False
    rules: readings.Rules = field(default_factory=readings.Rules)
    doubts: list[Message] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)

    def locate(self, written: str, encoding: str | None) -> tuple[str, str | None]:
        """The absolute name for the engine and the encoding to read it in; `InputError` for a file that may not be read."""
        if ADDRESS.match(written):
            raise InputError(
                "{name}: reads {file} from the network, which is not used here; put the file beside the workspace",
                name=self.name,
                file=written,
            )
        pattern = self.workspace / written
        paths = [Path(each) for each in sorted(glob.glob(str(pattern), recursive=True))] or [pattern]
        resolved = [self._inside(path, written) for path in paths]
        if not any(path.exists() for path in resolved):
            raise InputError(
                "{name}: there is no file {file}; correct the path", name=self.name, file=written
            )
        for path in resolved:
            decoding.require_file(path, name=written)
        chinese = encoding is not None and encoding.lower() in CHINESE
        if encoding is not None and not chinese:
            return str(pattern) if len(resolved) > 1 else str(resolved[0]), encoding
        readable = [self._as_utf8(path, expected=chinese) for path in resolved]
        if readable == resolved:
            return str(pattern) if len(resolved) > 1 else str(resolved[0]), "utf-8" if chinese else None
        if len(readable) == 1:
            return str(readable[0]), "utf-8" if chinese else None
        return self._together(readable), "utf-8" if chinese else None

    def export(self, written: Sequence[str], options: Mapping[str, Sequence[str]]) -> Path:
        """The file or files brought into the form of a table, as a Parquet file; `InputError` for what may not be read."""
        resolved = []
        for each in written:
            pattern = self.workspace / each
            paths = [Path(found) for found in sorted(glob.glob(str(pattern), recursive=True))] or [pattern]
            resolved += [self._inside(path, each) for path in paths if not path.name.startswith(("~$", "."))]
            if not any(path.is_file() for path in resolved):
                raise InputError(
                    "{name}: there is no file {file}; correct the path", name=self.name, file=each
                )
        shape = shapes.shape_of(options, name=self.name)
        path, told = exports.read_in(resolved, shape, scratch=self.scratch, rules=self.rules)
        self.headings.extend(exports.headings_in(path))
        self.doubts.extend(each for each in told if each not in self.doubts)
        return path

    def _inside(self, path: Path, written: str) -> Path:
        resolved = path.resolve()
        if not any(resolved.is_relative_to(folder) for folder in (self.workspace, *self.folders)):
            raise InputError(
                "{name}: reads {file}, which lies outside the workspace; list its folder under source.folders in plan.yml",
                name=self.name,
                file=written,
            )
        holding = [folder for folder in (self.workspace, *self.folders) if resolved.is_relative_to(folder)]
        if all(is_passed_over(resolved, folder) for folder in holding):
            raise InputError(
                "{name}: reads {file}, which is hidden or part of a pack, where changes are not noticed; put it elsewhere",
                name=self.name,
                file=written,
            )
        return resolved

    def _as_utf8(self, path: Path, *, expected: bool) -> Path:
        if path.with_suffix("").suffix.lower() not in DELIMITED and path.suffix.lower() not in DELIMITED:
            return path
        data = decoding.read_bytes(path)
        if decoding.is_utf8(data):
            return path
        copy = self.scratch / f"{len(list(self.scratch.iterdir()))}.{path.name.removesuffix('.gz')}"
        decoded = decoding.decode(data, name=path.name, chinese=self.chinese or expected)
        found = None if decoded.is_chinese and (expected or self.chinese) else decoded.note(name=path.name)
        self.doubts.extend([found] if found else [])
        text = decoded.text
        copy.write_text(text, encoding="utf-8", newline="")
        return copy

    def _together(self, paths: Sequence[Path]) -> str:
        folder = self.scratch / f"{len(list(self.scratch.iterdir()))}.files"
        folder.mkdir()
        for number, path in enumerate(paths):
            (folder / f"{number:06}.{path.name}").write_bytes(path.read_bytes())
        return str(folder / "*")
