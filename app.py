"""The front door: `streamlit run app.py` loads the networks once, then lets visitors in.

An `st.App` rather than a bare script: its script lies in `pages/`, so that every page opens by its own address on a
fresh server (a script beside a folder named `pages` would first be taken for Streamlit's old automatic pages), and
what is slow happens before the first visitor comes.
"""

import asyncio
import ctypes
import gc
import logging
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any

import altair  # noqa: F401 - what charts are drawn with: loaded before the first visitor comes, too
import streamlit as st
import torch
from starlette.formparsers import MultiPartParser
from starlette.middleware import Middleware
from streamlit import runtime
from streamlit.proto.BackMsg_pb2 import BackMsg

from engine import images
from engine.latent import maps
from engine.models import weights
from engine.photos import gallery
from engine.problem import Problem
from engine.restoration import gappy_pca, nearest_face
from engine.training import live, live_nest, live_worker
from pages.components import frontend
from pages.components.head.frame import Frame
from pages.faces import asked
from pages.guard import Guard
from pages.photo import source

log = logging.getLogger(__name__)

NEEDED = ("connect_session", "handle_backmsg", "disconnect_session", "close_session")  # of Streamlit's runtime
# seconds: whoever wants Python's lock is heard ten times as soon as by default, for the networks of two visitors let go
# of it and take it back at every layer
SWITCH_SECONDS = 0.0005
REAP_SECONDS = 10.0  # between two looks for closed tabs; each is kept for server.disconnectedSessionTTL at least


@asynccontextmanager
async def warm(app: Any) -> AsyncIterator[None]:
    """What comes before the first visitor, and what goes on while there are any."""
    # A file of more than 1 MB would be laid on the server's disk while it arrives: a visitor's stays in memory.
    MultiPartParser.spool_max_size = images.MAX_BYTES + 2**20
    sys.setswitchinterval(SWITCH_SECONDS)
    load()
    if live_nest.CAN_FORK:  # what has been loaded is shared
        live.Line.nest = live_nest.Nest(live_worker.prepare, live_worker.serve)
    prepare(asked.open_up, source.open_up)  # after all forks: finding faces begins threads
    give_back()
    reaping = asyncio.create_task(reap())
    yield
    reaping.cancel()
    live.Line.close()


def load_maps() -> None:
    """The two maps that stand on other pages than that of the codes."""
    for name in ("autoencoder", "faces"):
        maps.load_map(name)


def prepare(*parts: Callable[[], object]) -> None:
    """Call each, and say what is wrong."""
    for part in parts:
        try:
            part()
        except Problem as problem:
            print(f"warning: {problem}")


def load() -> None:
    """Load what every visitor needs. A damaged file is no reason to stay shut: its page says what is wrong."""
    torch.set_num_threads(1)  # two threads collapse as soon as two visitors ask at once
    prepare(*(partial(weights.shared, name) for name in weights.names()))
    frontend.find_all()
    prepare(load_maps, gallery.gallery, gappy_pca.ready, nearest_face.known)
    # Streamlit collects garbage after every script run; torch's million objects would cost 100 ms each time
    give_back()
    gc.freeze()


def give_back() -> None:
    """What nobody uses any more goes back to the system: glibc would keep it for the next who asks."""
    gc.collect()
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # a C library of another make
            ctypes.CDLL(None).malloc_trim(0)


async def reap() -> None:
    """Forget closed tabs on a server that nobody visits, too, for as long as it runs.

    What fails is logged, once for each row of failures, and tried again. Only a Streamlit that no longer has what this
    needs ends it: no later try could succeed, and closed tabs then wait for the next visitor.
    """
    failing = False
    while True:
        await asyncio.sleep(REAP_SECONDS)
        try:
            server = runtime.get_instance()
            missing = [name for name in NEEDED if not hasattr(server, name)]
            if missing:
                log.error("closed tabs are forgotten late from now on: this Streamlit has no %s", ", ".join(missing))
                return
            await visit(server)
            failing = False
        except Exception:
            if not failing:
                log.exception("closed tabs were not forgotten; tried again every %g s", REAP_SECONDS)
            failing = True


async def visit(server: Any) -> None:
    """Come as a tab, be written to and go.

    Streamlit lets go of an expired session only when another comes or goes, and of the last one that it wrote to only
    when it writes to another.
    """
    tab = server.connect_session(Nobody(), {})
    try:
        server.handle_backmsg(tab, BackMsg(set_run_on_save=False))  # which is answered
        await asyncio.sleep(0.1)
        server.disconnect_session(tab)  # this lets the expired go
    finally:
        server.close_session(tab)
    give_back()


class Nobody(runtime.SessionClient):
    """A tab that throws away what it is sent."""

    def write_forward_msg(self, msg: Any) -> None:
        pass


app = st.App(
    "pages/navigation.py", lifespan=warm, routes=[frontend.ROUTE], middleware=[Middleware(Guard), Middleware(Frame)]
)
