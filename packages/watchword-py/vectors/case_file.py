"""A file of cases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def read_cases(file: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What all cases share (`now`, `keys`, `configs`) and the cases. The first stands in the file itself or in the one
    it names as `common`.
    """
    own = json.loads(file.read_text(encoding="utf-8"))
    cases = own.pop("cases", None)
    if not isinstance(cases, list) or not cases:
        raise SystemExit(f"{file} holds no cases.")
    name = own.pop("common", None)
    shared = {} if name is None else json.loads((file.parent / name).read_text(encoding="utf-8"))
    merged = {part: {**shared.get(part, {}), **own.get(part, {})} for part in ("keys", "configs")}
    return {**shared, **own, **merged}, cases
