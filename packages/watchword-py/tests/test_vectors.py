"""The runner of the corpus, as `npm run vectors:py` starts it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

RUNNER = Path(__file__).resolve().parents[1] / "vectors"
VECTORS = Path(__file__).resolve().parents[3] / "contract" / "vectors"


def run(*files: Path) -> tuple[int, list[str]]:
    done = subprocess.run(  # noqa: S603 (the interpreter of this test)
        [sys.executable, str(RUNNER), *map(str, files)], capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.stderr == ""
    return done.returncode, done.stdout.splitlines()


def corpus() -> list[Path]:
    files = [path for folder in ("corpus", "own") for path in sorted((VECTORS / folder).glob("*.json"))]
    return [path for path in files if path.name not in ("common.json", "issuer.json")]


def test_every_case_of_the_corpus_passes() -> None:
    count = sum(len(json.loads(path.read_text("utf-8"))["cases"]) for path in corpus())
    assert count >= 454
    assert run() == (0, [f"{count} passed, 0 failed"])


@pytest.mark.parametrize(
    ("case", "line"),
    [
        ({"layer": "issuer"}, "None not-run (layer issuer is not a verifier's)"),
        ({"layer": "token", "config": "none", "token": "a"}, "accept not-run (unknown configuration none)"),
        ({"layer": "token", "config": {"x": 1}, "token": "a"}, "accept not-run (unknown configuration member x)"),
        ({"layer": "token", "config": {}}, "accept not-run (no token and no way to build one)"),
    ],
)
def test_a_case_that_cannot_be_run_has_failed(tmp_path: Path, case: dict[str, object], line: str) -> None:
    expect = {} if case["layer"] == "issuer" else {"result": "accept"}
    file = tmp_path / "cases.json"
    file.write_text(json.dumps({"now": 0, "cases": [{"id": "one", "expect": expect, **case}]}))
    assert run(file) == (1, [f"one {line}", "0 passed, 1 failed"])


def test_a_mismatch_names_what_was_expected_and_what_came(tmp_path: Path) -> None:
    shared = json.loads((VECTORS / "corpus" / "common.json").read_text("utf-8"))
    case = {
        "id": "one",
        "layer": "token",
        "config": "hs256",
        "token": "a.b.c",
        "expect": {"result": "reject", "reason": "expired", "reason_also_ok": ["wrong_type"]},
    }
    file = tmp_path / "cases.json"
    file.write_text(json.dumps({**shared, "cases": [case]}))
    assert run(file) == (1, ["one expired|wrong_type malformed", "0 passed, 1 failed"])
