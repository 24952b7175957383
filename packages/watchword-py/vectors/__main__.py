"""Runs files of cases in the corpus format against the Python verifier, through the published entry points.

    npm run vectors:py -- FILE [FILE…]     without a file: the whole corpus of contract/vectors but the issuer's cases

One line per mismatch, `id expected got`; the last line is `N passed, N failed`. A case that cannot be run has failed.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from case_file import read_cases
from run_case import run_case

_VECTORS = Path(__file__).resolve().parents[3] / "contract" / "vectors"


def _corpus_files() -> list[Path]:
    """Cases of the layer `issuer` are about `/api/auth/token`; a verifier cannot run them."""
    files = [path for folder in ("corpus", "own") for path in sorted((_VECTORS / folder).glob("*.json"))]
    return [path for path in files if path.name not in ("common.json", "issuer.json")]


async def _main(files: list[Path]) -> int:
    passed = failed = 0
    for file in files:
        common, cases = read_cases(file)
        for case in cases:
            mismatch = await run_case(case, common)
            if mismatch is None:
                passed += 1
            else:
                failed += 1
                print(f"{case.get('id')} {mismatch.expected} {mismatch.got}")
    print(f"{passed} passed, {failed} failed")
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == "__main__":
    # What is printed holds what was sent: an unpaired surrogate too.
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(asyncio.run(_main([Path(argument) for argument in sys.argv[1:]] or _corpus_files())))
