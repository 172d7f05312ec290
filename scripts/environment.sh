#!/bin/sh
# Makes .venv with the locked requirements and the checkout itself: `environment.sh run` or `environment.sh test`.
# Another interpreter: PYTHON=/path/to/python3.12 make test
set -eu
cd "$(dirname "$0")/.."
wanted=$1

stop() {
    echo "$*" >&2
    exit 1
}

recent() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if recent "$name"; then
            command -v "$name"
            return
        fi
    done
    if command -v "${PYTHON:-python3}" >/dev/null; then
        stop "Python 3.11 or later is needed, and ${PYTHON:-python3} is $("${PYTHON:-python3}" --version 2>&1): name another one with 'make PYTHON=/path/to/python3.12'."
    fi
    stop "Python 3.11 or later is needed and ${PYTHON:-python3} was not found: install it (Debian: apt-get install python3 python3-venv)."
}

need_venv_module() {
    "$python" -c 'import ensurepip, venv' 2>/dev/null && return
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installing python3-venv, which $python lacks."
        { apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv; } >/dev/null || true
    fi
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        stop "$python cannot make virtual environments; on Debian this helps: sudo apt-get install -y python3-venv"
}

install() {
    .venv/bin/python -m pip install --quiet --disable-pip-version-check "$@" ||
        stop "pip could not install the requirements (its own words are above); if this machine has no network, point PIP_INDEX_URL at a mirror and run the same command again."
}

python=$(find_python)
if ! recent .venv/bin/python || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    need_venv_module
    echo "Making .venv with $("$python" --version)."
    "$python" -m venv --clear .venv || stop "$python could not make .venv; its own words are above."
fi

case $wanted in
run) install --require-hashes -r requirements/run.txt -r requirements/build.txt ;;
test) install --require-hashes -r requirements/test.txt ;;
*) stop "Say 'run' or 'test'." ;;
esac
install --no-deps --no-build-isolation --editable .
touch .venv/ready-run ".venv/ready-$wanted"
