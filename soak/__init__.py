"""What only shows after hours: `python -m soak`, see README.md."""
