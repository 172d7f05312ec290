#!/bin/sh
# Asks the Python Packaging Advisory Database (by pip-audit) about every locked version. It fails when there is a known
# fault, and also when it couldn't ask: an answer that nobody gave is none.
set -u
cd "$(dirname "$0")/.."

[ -x .venv/audit/bin/pip-audit ] || {
    .venv/bin/python -m venv .venv/audit &&
        .venv/audit/bin/python -m pip install --quiet --disable-pip-version-check "pip-audit>=2.10,<3"
} || { echo "pip-audit could not be installed, so nothing was asked." >&2; exit 2; }

for lock in run build test; do
    echo "requirements/$lock.txt"
    .venv/audit/bin/pip-audit --strict --disable-pip --require-hashes --progress-spinner off --timeout 30 \
        -r "requirements/$lock.txt" || failed=1
done
[ -z "${failed:-}" ] || {
    echo "There are known faults, or the advisory service could not be asked (its own words are above)." >&2
    exit 1
}
