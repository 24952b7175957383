"""What can be removed from the Python verifier, found in its syntax tree: one JSON list for the file named."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# Calls that exist only to refuse.
_REFUSING = re.compile(r"_?(check|refuse|require)")
# Where verdicts rest on what was remembered, every statement is a step.
_REMEMBERING = re.compile(r"revocation_(follower|list)|token_cache")


def removals(source: str, *, remembering: bool = False) -> list[dict[str, Any]]:
    """Every removal: a step, a refusal or an early return becomes nothing, a check whose answer is used answers with
    what it was given, the choice of asking what was revoked is not handed on, and each operand of a condition is left
    out. Positions are character offsets.
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

    for node, parent in _nodes(ast.parse(source)):
        if (
            isinstance(node, ast.Raise)
            or (isinstance(node, ast.Expr) and _is_refusing(node.value))
            or (remembering and _is_change(node))
            or (isinstance(node, ast.Return) and isinstance(parent, ast.If))
        ):
            add(node, "pass")
        elif isinstance(node, ast.Call):
            if _is_refusing(node) and node.args and not isinstance(parent, ast.Expr | ast.Await):
                add(node, ast.unparse(node.args[0]))
            given = [*node.args[1:], *(one.value for one in node.keywords)]
            for argument in given:
                if isinstance(argument, ast.Name) and argument.id in ("revocation", "use"):
                    add(argument, "None")
        elif isinstance(node, ast.BoolOp):
            neutral = "False" if isinstance(node.op, ast.Or) else "True"
            for operand in node.values:
                add(operand, neutral)
    return sorted(found, key=lambda one: (one["start"], one["end"]))


def _nodes(node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    """Every node under one, each with what holds it. What a constructor sets is no step."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef) and child.name == "__init__":
            continue
        yield child, node
        yield from _nodes(child)


def _is_refusing(value: ast.expr) -> bool:
    call = value.value if isinstance(value, ast.Await) else value
    if not isinstance(call, ast.Call):
        return False
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return _REFUSING.match(name) is not None


def _is_change(node: ast.AST) -> bool:
    """A statement that changes what an object holds."""
    if isinstance(node, ast.Assign | ast.AugAssign | ast.Delete):
        targets = [node.target] if isinstance(node, ast.AugAssign) else node.targets
        return all(isinstance(one, ast.Attribute | ast.Subscript) for one in targets)
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)


if __name__ == "__main__":
    path = Path(sys.argv[1])
    text = path.read_text(encoding="utf-8")
    print(json.dumps(removals(text, remembering=_REMEMBERING.fullmatch(path.stem) is not None)))
