"""Where each box and each line of an ownership graph stands: owners above, the client below. Pure arithmetic.

Layers by the longest way down; an edge that closes a circle is laid the other way round, drawn as what it is.
Long lines get a place of their own in each layer they cross, so that none runs through a box.
"""

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from compliance.rules.ownership.graph import Graph, Node, percent

WIDTH, HEIGHT = 208, 98  # of a box
ACROSS, DOWN, EDGE = 26, 64, 12  # between boxes, between layers, around the whole
LANE = 30  # for a line that passes a layer
LETTERS = 20  # of a name that fit in a line


@dataclass(frozen=True)
class Box:
    node: Node
    x: float
    y: float
    name: tuple[str, ...]  # one or two lines


@dataclass(frozen=True)
class Line:
    owner: Node
    owned: Node
    path: str  # what <path d> takes
    label: str
    x: float  # of the label's middle
    y: float
    in_circle: bool


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    boxes: list[Box]
    lines: list[Line]


Pair = tuple[Node, Node]


@dataclass
class _Layout:
    """Who stands in which layer, 0 the lowest. A line that crosses a layer has a lane in it."""

    layers: list[list[Node]]
    lanes: set[Node] = field(default_factory=set)
    links: list[Pair] = field(default_factory=list)  # (upper, lower), one layer apart
    middle: dict[Node, float] = field(default_factory=dict)

    def width(self, place: Node) -> int:
        return LANE if place in self.lanes else WIDTH


def draw(graph: Graph, main: Node, names: Mapping[Node, str]) -> Drawing:
    """The whole graph with `main` among it; who owns nobody stands lowest."""
    labels = _labels(graph)
    turned = _closing(graph, main)
    rank = _ranks([pair for pair in labels if pair not in turned], [main, *graph.nodes])
    layout = _Layout([[] for _ in range(max(rank.values()) + 1)])
    for node in rank:
        layout.layers[rank[node]].append(node)
    ways = {pair: _way(layout, rank, pair) for pair in labels}
    _order(layout)
    _place(layout)
    top = len(layout.layers) - 1
    y = {node: EDGE + (top - rank[node]) * (HEIGHT + DOWN) for node in rank}
    boxes = [
        Box(node, layout.middle[node] - WIDTH / 2, y[node], _lines_of(names.get(node, str(node))))
        for node in rank
    ]
    ports = _ports(layout, ways)
    lines = []
    for pair, way in ways.items():
        points = _points(layout, way, y, ports[pair])
        if pair in turned:
            points.reverse()
        x, height = _label_place(points)
        lines.append(Line(*pair, _path(points), labels[pair], x, height, pair in turned))
    right = max(layout.middle[place] + layout.width(place) / 2 for layer in layout.layers for place in layer)
    return Drawing(round(right + EDGE), 2 * EDGE + (top + 1) * HEIGHT + top * DOWN, boxes, lines)


def _labels(graph: Graph) -> dict[Pair, str]:
    """What stands at each line: the share, or the roles in a trust."""
    found: dict[Pair, list[str]] = {}
    for edge in graph.edges:
        words = found.setdefault((edge.owner, edge.owned), [])
        if edge.role:
            words.append(edge.role)
        elif edge.share:
            words[:] = [percent(graph.owners[edge.owned][edge.owner])]
    return {pair: ", ".join(words) for pair, words in found.items()}


def _closing(graph: Graph, main: Node) -> set[Pair]:
    """Edges that close a circle, seen from the client upwards."""
    above: dict[Node, list[Node]] = {}
    for edge in graph.edges:
        above.setdefault(edge.owned, []).append(edge.owner)
    done: set[Node] = set()
    found: set[Pair] = set()
    for start in [main, *graph.nodes]:
        if start in done:
            continue
        on_way = {start}
        walk: list[tuple[Node, Iterator[Node]]] = [(start, iter(above.get(start, ())))]
        while walk:
            node, ahead = walk[-1]
            for owner in ahead:
                if owner in on_way:
                    found.add((owner, node))
                elif owner not in done:
                    on_way.add(owner)
                    walk.append((owner, iter(above.get(owner, ()))))
                    break
            else:
                walk.pop()
                on_way.discard(node)
                done.add(node)
    return found


def _ranks(pairs: list[Pair], nodes: list[Node]) -> dict[Node, int]:
    """0 for who owns nobody, else one more than the highest of what one owns. `pairs` hold no circle."""
    below: dict[Node, list[Node]] = {}
    for owner, owned in pairs:
        below.setdefault(owner, []).append(owned)
    rank: dict[Node, int] = {}
    for start in nodes:
        walk = [start]
        while walk:
            node = walk[-1]
            ahead = [owned for owned in below.get(node, ()) if owned not in rank]
            if ahead:
                walk += ahead
            else:
                walk.pop()
                rank[node] = max((rank[owned] + 1 for owned in below.get(node, ())), default=0)
    return rank


def _way(layout: _Layout, rank: Mapping[Node, int], pair: Pair) -> list[Node]:
    """From the upper to the lower end, with a lane in each layer between."""
    upper, lower = sorted(pair, key=lambda node: -rank[node])
    way: list[Node] = [upper]
    for level in range(rank[upper] - 1, rank[lower], -1):
        lane = ("lane", pair, level)
        layout.lanes.add(lane)
        layout.layers[level].append(lane)
        way.append(lane)
    way.append(lower)
    layout.links += pairwise(way)
    return way


def _order(layout: _Layout) -> None:
    """Each where its neighbours stand on average, down and up a few times: lines cross less."""
    for turn in range(6):
        down = turn % 2 == 0
        beside = _neighbours(layout, upper=down)
        for layer in reversed(layout.layers) if down else layout.layers:
            place = {node: at for others in layout.layers for at, node in enumerate(others)}
            mean = {
                node: sum(place[other] for other in beside[node]) / len(beside[node])
                if beside.get(node)
                else place[node]
                for node in layer
            }
            layer.sort(key=mean.__getitem__)


def _neighbours(layout: _Layout, *, upper: bool) -> dict[Node, list[Node]]:
    found: dict[Node, list[Node]] = {}
    for above, below in layout.links:
        found.setdefault(below if upper else above, []).append(above if upper else below)
    return found


def _place(layout: _Layout) -> None:
    """Middles: side by side at first, then drawn towards their neighbours without touching."""
    for layer in layout.layers:
        _spread(layout, layer, dict.fromkeys(layer, 0.0))
    for turn in range(8):
        down = turn % 2 == 0
        beside = _neighbours(layout, upper=down)
        for layer in reversed(layout.layers) if down else layout.layers:
            wanted = {
                node: sum(layout.middle[other] for other in beside[node]) / len(beside[node])
                if beside.get(node)
                else layout.middle[node]
                for node in layer
            }
            _spread(layout, layer, wanted)
    left = min(layout.middle[place] - layout.width(place) / 2 for layer in layout.layers for place in layer)
    for place in layout.middle:
        layout.middle[place] += EDGE - left


def _spread(layout: _Layout, layer: list[Node], wanted: Mapping[Node, float]) -> None:
    """In this order, none nearer to the next than it may be, as a whole where they want to be on average."""
    at = 0.0
    found: dict[Node, float] = {}
    for place in layer:
        half = layout.width(place) / 2
        found[place] = max(wanted[place], at + half) if found else wanted[place]
        at = found[place] + half + ACROSS
    shift = sum(wanted[place] - found[place] for place in layer) / max(len(layer), 1)
    layout.middle.update({place: middle + shift for place, middle in found.items()})


def _ports(layout: _Layout, ways: Mapping[Pair, list[Node]]) -> dict[Pair, tuple[float, float]]:
    """Where a line leaves the upper box and comes to the lower: side by side, in the order of its ends."""
    leaving: dict[Node, list[Pair]] = {}
    coming: dict[Node, list[Pair]] = {}
    for pair, way in ways.items():
        leaving.setdefault(way[0], []).append(pair)
        coming.setdefault(way[-1], []).append(pair)
    starts: dict[Pair, float] = {}
    ends: dict[Pair, float] = {}
    for found, ports, toward in ((leaving, starts, 1), (coming, ends, -2)):
        for node, pairs in found.items():
            pairs.sort(key=lambda pair: layout.middle[ways[pair][toward]])
            for at, pair in enumerate(pairs, 1):
                ports[pair] = layout.middle[node] - WIDTH / 2 + WIDTH * at / (len(pairs) + 1)
    return {pair: (starts[pair], ends[pair]) for pair in ways}


def _points(
    layout: _Layout, way: list[Node], y: Mapping[Node, float], ports: tuple[float, float]
) -> list[tuple[float, float]]:
    """From the foot of the upper box to the head of the lower, down through the lanes."""
    points = [(ports[0], y[way[0]] + HEIGHT)]
    height = y[way[0]]
    for lane in way[1:-1]:
        height += HEIGHT + DOWN
        points += [(layout.middle[lane], height), (layout.middle[lane], height + HEIGHT)]
    return [*points, (ports[1], y[way[-1]])]


def _path(points: list[tuple[float, float]]) -> str:
    """Soft between layers, straight within one."""
    path = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for (x1, y1), (x2, y2) in pairwise(points):
        bend = (y1 + y2) / 2
        path += (
            f" L{x2:.1f} {y2:.1f}"
            if x1 == x2
            else f" C{x1:.1f} {bend:.1f} {x2:.1f} {bend:.1f} {x2:.1f} {y2:.1f}"
        )
    return path


def _label_place(points: list[tuple[float, float]]) -> tuple[float, float]:
    """The middle of the first bend at the owner, where lines to the same box are still apart."""
    (x1, y1), (x2, y2) = points[:2]
    return x1 + (x2 - x1) * 0.35, y1 + (y2 - y1) * 0.42


def _lines_of(name: str) -> tuple[str, ...]:
    lines = textwrap.wrap(name, LETTERS, break_long_words=True)[:3] or ["?"]
    return (
        (lines[0], textwrap.shorten(" ".join(lines[1:]), LETTERS, placeholder="…"))
        if len(lines) > 1
        else (lines[0],)
    )
