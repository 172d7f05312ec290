"""`python -m widget` is the command `comment-widget`."""

from widget.cli.__main__ import main

if __name__ == "__main__":
    main(prog_name="comment-widget")
