"""Charts that read alike on every page and in both themes: lines under a legend that is never cut, a mark at a value.

Colours come from the theme in the order of all names there are, so a name keeps its colour whichever others are shown.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import streamlit as st

Row = Mapping[str, Any]
MARK = "#7A7F80"  # a grey that stands out on light paper (3.8:1) and on dark (4.5:1)
LEGEND_LINE = 30  # pixels
LONG = 22  # letters; names beyond stand under each other, so that a phone shows them whole


def line_chart(
    rows: Sequence[Row],
    x: alt.X,
    y: alt.Y,
    *,
    says: str,
    series: str,
    names: Sequence[str],
    band: tuple[str, str] | None = None,
    at: float | None = None,
    height: int = 360,
) -> None:
    """A line for each of the `names` that the rows have under `series`.

    rows: those with a number that is not finite, such as the PSNR of a perfect answer, are left out.
    says: what the chart is, for a screen reader.
    names: all there may be, in the order of their colours.
    band: the fields between which a shade lies around each line.
    at: where on the x axis the visitor's own setting is marked.
    height: of the lines and their axes, in pixels; the legend comes on top of it.
    """
    rows = [row for row in rows if all(math.isfinite(value) for value in row.values() if isinstance(value, float))]
    found = {row[series] for row in rows}
    shown = [name for name in names if name in found]
    columns = 1 if max(map(len, shown)) > LONG else 2
    legend = alt.Legend(
        orient="top", columns=columns, values=shown, labelLimit=0, symbolLimit=0, symbolOpacity=1, title=None
    )
    colour = alt.Color(
        series, type="nominal", scale=alt.Scale(domain=list(names)), legend=legend if len(names) > 1 else None
    )
    base = alt.Chart(alt.Data(values=rows)).encode(x=x, color=colour)
    layers = [base.mark_line(aria=False, point=alt.OverlayMarkDef(size=20, aria=False)).encode(y=y)]
    if band:
        low, high = band
        area = base.mark_area(opacity=0.2, aria=False).encode(y=alt.Y(low, type="quantitative"), y2=high)
        layers.insert(0, area)
    layers.append(nothing() if at is None else mark_at(at))
    lines = -(-len(shown) // columns) if len(names) > 1 else 0
    _show(alt.layer(*layers), says, height + LEGEND_LINE * lines)


def histogram(
    edges: Sequence[float], counts: Sequence[int], *, says: str, x: str, y: str, at: float, height: int = 300
) -> None:
    """Bars between the edges, and a mark at one value; x, y: titles of the axes; height in pixels."""
    rows = [
        {"from": low, "to": high, "count": count}
        for low, high, count in zip(edges[:-1], edges[1:], counts, strict=True)
    ]
    bars = (
        alt.Chart(alt.Data(values=rows))
        .mark_bar(aria=False)
        .encode(
            x=alt.X("from", type="quantitative", bin=alt.BinParams(binned=True), title=x),
            x2="to",
            y=alt.Y("count", type="quantitative", title=y),
        )
    )
    _show(alt.layer(bars, mark_at(min(at, edges[-1]))), says, height)


def mark_at(value: float) -> alt.Chart:
    """A broken line across the chart, readable in both themes."""
    mark = alt.Chart(alt.Data(values=[{}])).mark_rule(color=MARK, strokeWidth=2, strokeDash=[5, 4], aria=False)
    return mark.encode(x=alt.XDatum(value))


def nothing() -> alt.Chart:
    """A layer that is not seen, with data of its own.

    Where all layers had the same, Streamlit would send it after the chart, and Vega complain of axes without end.
    """
    return alt.Chart(alt.Data(values=[{}])).mark_point(opacity=0, aria=False)


def _show(chart: alt.LayerChart | alt.FacetChart, says: str, height: int) -> None:
    st.altair_chart(chart.properties(height=height, description=says))
