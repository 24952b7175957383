"""What can be removed from the Python verifier, found in its syntax tree: one JSON list for the file named."""

from __future__ import annotations

import ast
import json
import re
import sys
from pathlib import Path
from typing import Any

# Calls that stand alone and exist only to refuse.
_REFUSING = re.compile(r"_?(check|refuse|require)")


def removals(source: str) -> list[dict[str, Any]]:
    """Every removal: a step or a refusal becomes nothing, and each operand of a condition is left out. Positions are
    character offsets.
    """
    line_starts = [0]
    for line in source.splitlines(keepends=True):
        line_starts.append(line_starts[-1] + len(line))
    lines = source.splitlines()
    found: list[dict[str, Any]] = []

    def offset(line: int, byte_column: int) -> int:
        return line_starts[line - 1] + len(lines[line - 1].encode()[:byte_column].decode())

    def add(node: Any, replacement: str) -> None:
        start, end = offset(node.lineno, node.col_offset), offset(node.end_lineno, node.end_col_offset)
        text = " ".join(source[start:end].split())
        found.append({"line": node.lineno, "start": start, "end": end, "replacement": replacement, "text": text})

    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Raise) or (isinstance(node, ast.Expr) and _is_refusing(node.value)):
            add(node, "pass")
        elif isinstance(node, ast.If):
            for statement in node.body:
                if isinstance(statement, ast.Return) and _is_no(statement.value):
                    add(statement, "pass")
        elif isinstance(node, ast.BoolOp):
            neutral = "False" if isinstance(node.op, ast.Or) else "True"
            for operand in node.values:
                add(operand, neutral)
    return sorted(found, key=lambda one: (one["start"], one["end"]))


def _is_refusing(value: ast.expr) -> bool:
    call = value.value if isinstance(value, ast.Await) else value
    if not isinstance(call, ast.Call):
        return False
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return _REFUSING.match(name) is not None


def _is_no(value: ast.expr | None) -> bool:
    """The answers by which a predicate or a reader says no."""
    return isinstance(value, ast.Constant) and (value.value is False or value.value is None)


if __name__ == "__main__":
    print(json.dumps(removals(Path(sys.argv[1]).read_text(encoding="utf-8"))))
