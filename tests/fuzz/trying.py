"""Lets atheris look for what breaks a property, for so many seconds; it comes with no release and no `make setup`."""

import importlib
import sys
import tempfile
from collections.abc import Callable, Sequence

Property = Callable[[str], None]

_KINDLY = """\
atheris is not installed, so nothing was tried. It is no dependency of ours; a folder of its own is enough:

    python -m venv /tmp/atheris && /tmp/atheris/bin/pip install atheris -e '.[postgres]' html5lib
    /tmp/atheris/bin/python -m tests.fuzz.{name} 300
"""


def try_for_seconds(name: str, seconds: str, properties: Callable[[], Sequence[Property]]) -> None:
    """Feed texts to the properties of one harness until the time is over, or one of them breaks."""
    try:
        atheris = importlib.import_module("atheris")
    except ImportError:
        sys.exit(_KINDLY.format(name=name))
    with atheris.instrument_imports(include=["widget"]):
        tried = properties()

    def once(data: bytes) -> None:
        text = atheris.FuzzedDataProvider(data).ConsumeUnicodeNoSurrogates(len(data))
        for one in tried:
            one(text)

    bounds = [f"-max_total_time={int(seconds)}", "-max_len=4096", "-timeout=20", "-rss_limit_mb=1024"]
    atheris.Setup([name, *bounds, f"-artifact_prefix={tempfile.gettempdir()}/{name}-"], once)
    atheris.Fuzz()
