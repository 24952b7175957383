"""What a verifier makes of its settings, as both languages do."""

import json
from pathlib import Path
from typing import Any

import pytest

from watchword import ConfigurationError, verifier_options_from_environment

VECTORS = Path(__file__).resolve().parents[3] / "contract" / "vectors" / "environment.json"
CASES: list[dict[str, Any]] = json.loads(VECTORS.read_text("utf-8"))["cases"]


def test_there_are_cases() -> None:
    assert len(CASES) == 60


@pytest.mark.parametrize("case", [one for one in CASES if "options" in one], ids=lambda case: case["name"])
def test_settings_give_these_options(case: dict[str, Any]) -> None:
    assert verifier_options_from_environment(case["settings"]) == case["options"]


@pytest.mark.parametrize("case", [one for one in CASES if "refused" in one], ids=lambda case: case["name"])
def test_settings_that_cannot_be_right_are_refused_by_name_and_never_quoted(case: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError) as refused:
        verifier_options_from_environment(case["settings"])
    assert str(refused.value).startswith(case["refused"])
    for name in ("WATCHWORD_KEY", "WATCHWORD_KEYS", "BETTER_AUTH_SECRET", "BETTER_AUTH_SECRETS", "JWKS_URL"):
        for part in case["settings"].get(name, "").split(","):
            assert part.strip() == "" or part.strip() not in str(refused.value)
