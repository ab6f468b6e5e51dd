"""Runs checks one by one and prints one line for each: `ok NAME` or `FAILED NAME: why`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Mismatch(Exception):
    """What was found is not what was expected."""


def equal(what: str, found: Any, expected: Any) -> None:
    if found != expected:
        raise Mismatch(f"{what}: expected {expected!r}, found {found!r}")


def holds(what: str, condition: bool) -> None:
    if not condition:
        raise Mismatch(what)


def one_line(text: str) -> str:
    return " ".join(text.split())[:400]


def check(name: str, run: Callable[[], Any]) -> Any:
    """The check's result, or None when it failed: the others go on."""
    try:
        result = run()
    except Exception as error:  # a check may fail in any way; the line says which
        kind = "" if isinstance(error, Mismatch) else f"{type(error).__name__}: "
        print(f"FAILED {name}: {kind}{one_line(str(error))}", flush=True)
        return None
    print(f"ok {name}", flush=True)
    return result


def report(key: str, value: str | int) -> None:
    """A line for the caller, not a check."""
    print(f"= {key} {value}", flush=True)
