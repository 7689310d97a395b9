"""What `benchmark serving` was asked to measure."""

import argparse

from engine.evaluation.serving import limit, load, opens, uploads


def said(options: argparse.Namespace) -> str:
    """The one asked for, in words or as a table. options: as engine/arguments.py reads them."""
    if options.opens:
        return opens.measure(options.opens, options.replicas)
    if options.uploads:
        return uploads.measure(options.uploads)
    if options.largest:
        return limit.find(options.replicas)
    chosen = options.visitors, options.seconds, options.rounds, options.memory, options.against, options.replicas
    return load.compare(*chosen)
