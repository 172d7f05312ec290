#!/bin/sh
# Makes dist/: the wheel, built twice to see that it comes out the same, the list of its components and the checksums.
set -eu
cd "$(dirname "$0")/.."
# Git's time of the last change is the time of everything inside; without git, a fixed one.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 1580601600)}
export SOURCE_DATE_EPOCH

again=$(mktemp -d)
trap 'rm -rf "$again"' EXIT
mkdir -p dist
rm -f dist/comment_widget-*.whl dist/comment_widget-*.cdx.json dist/SHA256SUMS

.venv/bin/python -m hatchling build -t wheel -d dist >/dev/null
.venv/bin/python -m hatchling build -t wheel -d "$again" >/dev/null
wheel=$(cd dist && ls comment_widget-*.whl)
cmp "dist/$wheel" "$again/$wheel" || { echo "The wheel doesn't come out the same twice." >&2; exit 1; }

list=${wheel%-py3-none-any.whl}.cdx.json
.venv/bin/python -m scripts.components >"dist/$list"
(cd dist && sha256sum "$wheel" "$list" >SHA256SUMS && sha256sum --check --quiet SHA256SUMS)
cat dist/SHA256SUMS
