"""Read tables of TOML key by key, so that a wrong value or an unknown key is an error that names it."""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

from embeddings.errors import ManifestError

_E = TypeVar("_E", bound=Enum)


class Table:
    """One TOML table being read: every key must be asked for, and what is left over is an error."""

    def __init__(self, path: Path, name: str, values: Any) -> None:
        self.path, self.name = path, name
        if not isinstance(values, dict):
            raise self.error(None, values, "must be a table")
        self._left = dict(values)

    def error(self, key: str | None, value: object, what: str) -> ManifestError:
        """Return the error that names file, key and value."""
        place = ".".join(filter(None, (self.name, key)))
        return ManifestError(f"{self.path}: {place} = {value!r}: {what}. Mend the manifest and run the command again.")

    def text(self, key: str, default: str | None = None) -> str | None:
        value = self._left.pop(key, default)
        if value is not None and (not isinstance(value, str) or not value.strip()):
            raise self.error(key, value, "must be text, and not empty")
        return value

    def required(self, key: str) -> str:
        value = self.text(key)
        if value is None:
            raise self.error(key, None, "is missing; it must be text")
        return value

    def flag(self, key: str) -> bool:
        value = self._left.pop(key, False)
        if not isinstance(value, bool):
            raise self.error(key, value, "must be true or false")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._left.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
            raise self.error(key, value, "must be a list of texts")
        return tuple(value)

    def patterns(self, key: str) -> tuple[str, ...]:
        for pattern in (found := self.texts(key)):
            self._compile(key, pattern)
        return found

    def pattern(self, key: str) -> str | None:
        value = self.text(key)
        if value is not None:
            self._compile(key, value)
        return value

    def choice(self, key: str, kind: type[_E], default: _E | None) -> _E | None:
        value = self._left.pop(key, None)
        if value is None:
            return default
        allowed = [member.value for member in kind]
        if value not in allowed:
            raise self.error(key, value, f"must be one of {', '.join(map(repr, allowed))}")
        return kind(value)

    def tables(self, key: str) -> list[Table]:
        value = self._left.pop(key, [])
        if not isinstance(value, list):
            raise self.error(key, value, f"must be an array of tables, [[{key}]]")
        return [
            Table(self.path, f"{self.name}.{key}[{n}]" if self.name else f"{key}[{n}]", v)
            for n, v in enumerate(value, start=1)
        ]

    def table(self, key: str) -> Table:
        return Table(self.path, f"{self.name}.{key}" if self.name else key, self._left.pop(key, {}))

    def named(self) -> dict[str, Table]:
        """Return all that is left: a table under each key."""
        return {key: self.table(key) for key in list(self._left)}

    def fields(self, known: Collection[str]) -> tuple[tuple[str, str], ...]:
        """Return all that is left, which must be text under ``known`` keys."""
        found = tuple((key, self.required(key)) for key in list(self._left) if key in known)
        for key, value in self._left.items():
            raise self.error(key, value, f"is no field of a citation here; there are {', '.join(sorted(known))}")
        return found

    def pairs(self) -> dict[str, str]:
        """Return all that is left: text under any key."""
        return {key: self.required(key) for key in list(self._left)}

    def close(self) -> None:
        """Raise for a key that nobody asked for."""
        for key, value in self._left.items():
            raise self.error(key, value, "is not a key that memcon knows here")

    def _compile(self, key: str, pattern: str) -> None:
        try:
            re.compile(pattern, re.MULTILINE)
        except re.error as error:
            raise self.error(key, pattern, f"is not a regular expression ({error})") from error
