"""Where real exports of other systems are; they stand beside the checkout."""

import os
from pathlib import Path

import pytest

_BESIDE = Path(__file__).resolve().parents[3] / "shared" / "import-samples"


def import_samples() -> Path | None:
    """The folder: IMPORT_SAMPLES_DIR, else ../shared/import-samples beside the checkout; None where it isn't."""
    folder = Path(os.environ.get("IMPORT_SAMPLES_DIR") or _BESIDE)
    return folder if folder.is_dir() else None


needs_import_samples = pytest.mark.skipif(
    import_samples() is None,
    reason="skipped: the tests with real exports; no folder at IMPORT_SAMPLES_DIR or ../shared/import-samples",
)
