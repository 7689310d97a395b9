"""The largest number of visitors whose large answer comes soon enough."""

from engine.evaluation.serving.load import measure
from engine.evaluation.serving.server import ROOT
from engine.models import model_card

ALLOWED, SECONDS, MOST = 0.3, 20.0, 64  # seconds of the p95; how long they draw; visitors


def find(replicas: int) -> str:
    """One visitor more each time, until the p95 of the wait for the large answer is longer than allowed."""
    waits: list[float] = []  # of one visitor, of two, ...
    while len(waits) < MOST:
        load = measure(ROOT, len(waits) + 1, SECONDS, False, replicas)
        if load.failures or not load.large_p95 <= ALLOWED:
            beyond = f"; one more: {load.large_p95:.2f} s"
            break
        waits.append(load.large_p95)
    else:
        beyond = ""
    return (
        f"On {replicas} replica{'s' * (replicas != 1)} {len(waits)} visitors with a stroke a second have the large"
        f" answer within {ALLOWED:g} s (p95: {waits[-1] if waits else 0:.2f} s{beyond}); {model_card.measured_here()}."
    )
