"""Working a page with the keys alone: Tab until the focus is where it is wanted, seen wherever it stops."""

from tests.screens.engines import Engine, Key

RING = "(style => [style.outlineStyle, parseFloat(style.outlineWidth)])(getComputedStyle(document.activeElement))"
FOCUS = "(one => [one.id, one.name || '', one.value || '', one.className, one.innerText || ''])(document.activeElement)"
MOST_TABS = 60


def tab_to(engine: Engine, wanted: str, most: int = MOST_TABS) -> None:
    """Press Tab until the focus is on what has this id, value or text; it must be seen wherever it stops."""
    stops: list[str] = []
    for _ in range(most):
        engine.press(Key.TAB)
        if engine.measure("document.activeElement === document.body"):
            continue
        names = [str(name) for name in engine.measure(FOCUS)]
        style, width = engine.measure(RING)
        assert style != "none", f"the focus can't be seen on {names}"
        assert width >= 2, f"the focus ring on {names} is {width} px"
        if wanted in names:
            return
        stops.append(next(filter(None, names)))
    raise AssertionError(f"Tab doesn't lead to {wanted!r}, but to {stops}")
