"""The largest number of visitors whose large answer comes soon enough."""

import os
from datetime import date

from engine.evaluation.serving.load import measure
from engine.evaluation.serving.server import ROOT
from engine.models import model_card

ALLOWED, SECONDS, MOST = 0.3, 20.0, 64  # seconds of the p95; how long they draw; visitors


def find(replicas: int) -> str:
    """One visitor more each time, until the p95 of the wait for the large answer is longer than allowed."""
    found, beyond = 0.0, 0.0
    largest = 0
    for visitors in range(1, MOST + 1):
        load = measure(ROOT, visitors, SECONDS, False, replicas)
        if load.failures or not load.large_p95 <= ALLOWED:
            beyond = load.large_p95
            break
        largest, found = visitors, load.large_p95
    return (
        f"On {replicas} replica{'s' * (replicas != 1)} {largest} visitors with a stroke a second have the large answer"
        f" within {ALLOWED:g} s (p95: {found:.2f} s; one more: {beyond:.2f} s); {model_card.hardware('cpu')},"
        f" {os.cpu_count()} cores, {date.today().isoformat()}."
    )
