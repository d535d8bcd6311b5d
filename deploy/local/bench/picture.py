"""The figures as a picture: bars with whiskers from the least to the most, panel by panel, and the goals on top."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from deploy.local.bench.catalogue import FIGURES, SECTIONS, Figure, Section
from deploy.local.bench.figures import Spread, Spreads, written

WIDTH, MARGIN = 960, 28
LABELS_END, BARS_BEGIN, BARS_END = 330, 342, 760
ROW, BAR, TITLE, GAP = 24, 13, 34, 20
MOST_OF_GOAL = 3.0
"""A bar that is longer is cut off there."""

STYLE = """
    text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #4a3b2c }
    .title { font-size: 15px; font-weight: 600; fill: #2d2116 }
    .head { font-size: 20px; font-weight: 700; fill: #2d2116 }
    .note, .goal { font-size: 12px; fill: #7a6a58 }
    .value { font-weight: 600; fill: #2d2116 }
    .ours { fill: #d0913c } .met { fill: #6f9a5b } .missed { fill: #c0604a } .other { fill: #b9c0c6 }
    .track { fill: #f6f1e9 } .whisker { stroke: #4a3b2c; stroke-width: 1.3; fill: none }
    .line { stroke: #2d2116; stroke-width: 1.5; stroke-dasharray: 3 2 }
"""


@dataclass(frozen=True, slots=True)
class Bar:
    """`spread` in the panel's unit; `goal` in the same, when a line shall show it."""

    label: str
    spread: Spread
    kind: str
    value: str
    note: str = ""
    goal: float | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    title: str
    bars: Sequence[Bar]
    end: float
    """What the longest bar that fits stands for."""

    @property
    def height(self) -> int:
        return TITLE + ROW * len(self.bars) + GAP


def draw(spreads: Spreads, note: str) -> str:
    """An SVG file. `note`: where and when this was measured."""
    panels = [panel for panel in (_goals(spreads), *[_values(section, spreads) for section in SECTIONS]) if panel.bars]
    height = 92 + sum([panel.height for panel in panels])
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        f"  <title>How quick Karya Rusun is: {escape(note)}</title>",
        f"  <style>{STYLE}  </style>",
        f'  <rect width="{WIDTH}" height="{height}" rx="10" fill="#fffdf9"/>',
        _text(MARGIN, 42, "How quick it is", "head"),
        _text(MARGIN, 64, f"{note}. Bars: the median of the rounds; whiskers: the least and the most.", "note"),
    ]
    top = 88
    for panel in panels:
        lines += _panel(panel, top)
        top += panel.height
    return "\n".join([*lines, "</svg>"]) + "\n"


def _goals(spreads: Spreads) -> Panel:
    """Every figure that has a goal, as the share of it that is reached: from the line on it is met."""
    bars = [
        Bar(
            figure.label if figure.unit == "x" else f"{figure.label}, {figure.unit}",
            _reached(figure, spreads[figure.key]),
            "met" if figure.goal.met(spreads[figure.key].median) else "missed",
            written(spreads[figure.key].median),
            f"goal {figure.goal}",
            1.0,
        )
        for figure in FIGURES
        if figure.goal and figure.key in spreads
    ]
    return Panel("Goals: a bar that reaches the line meets its own", bars, MOST_OF_GOAL)


def _reached(figure: Figure, found: Spread) -> Spread:
    assert figure.goal
    ends = [_share(figure, value) for value in (found.min, found.max)]
    return Spread(min(ends), _share(figure, found.median), max(ends), found.rounds)


def _share(figure: Figure, value: float) -> float:
    assert figure.goal
    share = figure.goal.limit / value if figure.goal.below else value / figure.goal.limit
    return min(share, MOST_OF_GOAL)


def _values(section: Section, spreads: Spreads) -> Panel:
    shown = [figure for figure in section.figures if figure.key in spreads] if section.drawn else []
    bars = [
        Bar(
            figure.label,
            spreads[figure.key],
            "ours" if figure.ours else "other",
            written(spreads[figure.key].median),
            f"{written(spreads[figure.key].min)} to {written(spreads[figure.key].max)}"
            if spreads[figure.key].rounds > 1
            else "",
            figure.goal.limit if figure.goal else None,
        )
        for figure in shown
    ]
    return Panel(section.title, bars, max([max(bar.spread.max, bar.goal or 0) for bar in bars], default=1.0) * 1.02)


def _panel(panel: Panel, top: int) -> Iterator[str]:
    yield _text(MARGIN, top + 18, panel.title, "title")
    for number, bar in enumerate(panel.bars):
        yield from _bar(bar, top + TITLE + number * ROW, panel.end)


def _bar(bar: Bar, top: int, end: float) -> Iterator[str]:
    low, middle, high = [_x(value, end) for value in (bar.spread.min, bar.spread.median, bar.spread.max)]
    y, half = top + ROW / 2, BAR / 2
    yield _text(LABELS_END, y + 4.5, bar.label, "label", 'text-anchor="end"')
    yield _rect(BARS_BEGIN, y - half, BARS_END - BARS_BEGIN, "track")
    yield _rect(BARS_BEGIN, y - half, max(middle - BARS_BEGIN, 1), bar.kind)
    if bar.spread.rounds > 1:
        yield f'  <path class="whisker" d="M{low:.1f} {y - 4}v8M{low:.1f} {y}H{high:.1f}M{high:.1f} {y - 4}v8"/>'
    if bar.goal is not None:
        yield f'  <path class="line" d="M{_x(bar.goal, end):.1f} {y - 10}v20"/>'
    yield _text(BARS_END + 12, y + 4.5, bar.value, "value")
    yield _text(BARS_END + 74, y + 4.5, bar.note, "goal")


def _x(value: float, end: float) -> float:
    return BARS_BEGIN + (BARS_END - BARS_BEGIN) * min(value / end, 1.0)


def _rect(x: float, y: float, width: float, kind: str) -> str:
    return f'  <rect class="{kind}" x="{x}" y="{y}" width="{width:.1f}" height="{BAR}" rx="2.5"/>'


def _text(x: float, y: float, words: str, kind: str, more: str = "") -> str:
    return f'  <text class="{kind}" x="{x}" y="{y}" {more}>{escape(words)}</text>' if words else ""
