"""A chart's SVG made fit to stand in a page: known elements and attributes alone, ids its own, numbers short.

Nothing of it fetches or runs. Not here: drawing (`charts`).
"""

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree

if TYPE_CHECKING:
    from markupsafe import Markup

_SVG = "{http://www.w3.org/2000/svg}"
_ELEMENTS = frozenset(
    ("svg", "g", "path", "text", "tspan", "rect", "line", "circle", "defs", "pattern", "clipPath")
)
_SHAPE = {
    "d",
    "x",
    "y",
    "x1",
    "x2",
    "y1",
    "y2",
    "cx",
    "cy",
    "r",
    "dx",
    "dy",
    "width",
    "height",
    "viewBox",
    "id",
}
_PAINT = {"fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "opacity"}
_OTHER = {
    "patternUnits",
    "patternTransform",
    "stroke-linecap",
    "transform",
    "text-anchor",
    "font-size",
    "font-weight",
    "clip-path",
}
_ATTRIBUTES = _SHAPE | _PAINT | _OTHER
_INSIDE = re.compile(r"url\(#([\w-]+)\)")
_LONG = re.compile(r"-?\d+\.\d{2,}")
_NEUTRAL = {"stroke-width": "0", "opacity": "1", "fill-opacity": "1", "stroke-opacity": "1"}


def bare_svg(drawn: str, label_id: str) -> "Markup":
    """The drawing with what is not known left out; `label_id` is the element that names it."""
    from markupsafe import Markup

    root = ElementTree.fromstring(drawn)  # made by our own converter, without entities  # noqa: S314
    _strip(root, label_id)
    root.attrib.update({"role": "img", "aria-labelledby": label_id})
    return Markup(ElementTree.tostring(root, encoding="unicode"))  # ElementTree escapes  # noqa: S704


def _strip(element: ElementTree.Element, label_id: str) -> None:
    element.tag = element.tag.removeprefix(_SVG)
    kept = {name: value for name, value in element.attrib.items() if name in _ATTRIBUTES}
    element.attrib.clear()
    for name, value in kept.items():
        if (short := _short(name, value, label_id)) is not None:
            element.set(name, short)
    if not (element.text or "").strip():
        element.text = None
    for child in list(element):
        if child.tag.removeprefix(_SVG) in _ELEMENTS:
            _strip(child, label_id)
            child.tail = None
            if not _is_nothing(child):
                continue
        element.remove(child)


def _is_nothing(element: ElementTree.Element) -> bool:
    """A group without members, or a path that is neither filled nor drawn."""
    if element.tag == "g":
        return len(element) == 0
    return element.tag == "path" and not {"fill", "stroke"} & set(element.attrib)


def _short(name: str, value: str, label_id: str) -> str | None:
    """The attribute's value with short numbers and ids that begin with the label's; None where it says nothing."""
    if name == "id":
        return f"{label_id}{value}"
    if "url(" in value:
        inside = _INSIDE.fullmatch(value.strip())
        return f"url(#{label_id}{inside[1]})" if inside else None
    if _NEUTRAL.get(name) == value:
        return None
    if name in ("d", "transform", "x", "y", "x1", "x2", "y1", "y2", "width", "height"):
        return _LONG.sub(lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), value)
    return value
