"""Whether the visitor has drawn again."""

from types import SimpleNamespace

import pytest
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests

from pages.parts.newer_stroke import drawn_again


def test_a_newer_stroke_is_noticed_in_the_run_of_a_fragment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of Streamlit's own requests: a version that names their state differently fails here."""
    requests = ScriptRequests()
    context = SimpleNamespace(fragment_ids_this_run=["machine"], script_requests=requests)
    monkeypatch.setattr("pages.parts.newer_stroke.get_script_run_ctx", lambda **_: context)
    assert not drawn_again()
    requests.request_rerun(RerunData(fragment_id="machine"))
    assert drawn_again()
    context.fragment_ids_this_run = None  # the whole page runs: it is not ended for a fragment
    assert not drawn_again()
