"""requirements.lock and the Dockerfile, which installs it: the same versions, hashes, and no address of an index."""

import re

from tests.conftest import ROOT
from tests.test_house import requirements
from tests.test_package import PROJECT

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
PINS = dict(re.findall(r"^([\w.-]+)==([^\s;]+)", LOCK, re.MULTILINE))


def test_the_lock_has_the_versions_of_the_requirements_and_all_that_they_lead_to() -> None:
    wanted = {name: rest.strip().removeprefix("==") for name, rest in requirements("requirements.txt").items()}
    assert wanted.pop("torch") and "torch" not in PINS  # by version only: its files differ by machine
    assert {name: PINS.get(name) for name in wanted} == wanted
    assert {"uvicorn", "websockets", "protobuf", "pandas", "jinja2", "sympy"} <= PINS.keys()


def test_every_package_has_hashes_and_no_address() -> None:
    packages = re.findall(r"^[\w.-]+==.*?(?=^\S|\Z)", LOCK, re.MULTILINE | re.DOTALL)
    assert len(packages) >= len(PINS) > 30
    assert all(re.search(r"--hash=sha256:[0-9a-f]{64}", package) for package in packages)
    assert "://" not in LOCK and "--index" not in re.sub(r"^#.*", "", LOCK, flags=re.MULTILINE)


def test_the_container_installs_the_lock_names_no_host_and_runs_as_a_user() -> None:
    steps = re.sub(r"\\\n\s*", " ", re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.MULTILINE)).splitlines()
    run = [step for step in steps if step.startswith("RUN pip")]
    assert len(run) == 1 and "--no-deps --require-hashes -r requirements.lock" in run[0]
    assert re.search(r'"\$\(grep -o \'\^torch==\[\^ \]\*\' requirements.txt\)"', run[0])
    assert not re.search(r"https?://(?!localhost)\w", "\n".join(steps))
    places = {word: number for number, step in enumerate(steps) for word in step.split()[:1] if word != "RUN"}
    assert "COPY requirements.txt requirements.lock ./" in steps and "USER visitor" in steps
    assert steps.index("USER visitor") < places["CMD"] and "ARG TORCH_INDEX=" in steps
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert {".git", "tests", "runs", ".env", ".streamlit/secrets.toml"} <= {*ignored}
    assert not {"app.py", "engine", "pages", "weights", "requirements.lock", ".streamlit"} & {*ignored}


def test_the_extra_for_developers_has_what_the_tests_need() -> None:
    wanted = {re.split(r"[\[>=]", line)[0] for line in PROJECT["project"]["optional-dependencies"]["dev"]}
    assert wanted == {*requirements("requirements-dev.txt")}
