#!/bin/sh
# Pins every requirement with its hashes, for Python 3.11 and later on every platform, without naming an index.
# Versions stay as they are; `sh scripts/lock.sh --upgrade` takes the newest of all.
set -eu
cd "$(dirname "$0")/.."

pin() {
    file=$1
    shift
    .venv/bin/uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-header --no-annotate --output-file "requirements/$file" "$@" >/dev/null
    echo "requirements/$file: $(grep -c '==' "requirements/$file") packages"
}

pin run.txt pyproject.toml "$@"
pin build.txt --group build "$@"
pin test.txt pyproject.toml --group test --constraint requirements/run.txt --constraint requirements/build.txt "$@"
