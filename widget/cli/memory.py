"""What a serving process does so that it stays small and never pauses: the allocator's settings, and a frozen start."""

import ctypes
import gc

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
_LARGE = 64 * 1024


def waste_no_memory() -> None:
    """Let glibc keep few arenas and give large pieces back: mallopt(3). Of no effect elsewhere.

    With an arena for each thread, pages that were built and forgotten leave holes in all of them.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, 2)
        mallopt(_M_MMAP_THRESHOLD, _LARGE)
        mallopt(_M_TRIM_THRESHOLD, 2 * _LARGE)


def freeze_what_stays() -> None:
    """Let the collector never look again at what the start has made: it would pause all requests for half of it."""
    gc.collect()
    gc.freeze()
