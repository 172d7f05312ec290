#!/bin/sh
# Sees to the programs that tests need beside Python: `programs.sh browsers` for tests/screens, `programs.sh front` for
# tests/deploy and tests/faults. Installs them when it may, else says what to type. Ends with 0 all the same: without
# them those tests are skipped, and with CI=true they fail.
set -eu
case ${1:-} in
browsers)
    tests="tests in real browsers"
    programs="chromium chromedriver firefox-esr WebKitWebDriver Xvfb openbox xdotool"
    packages="chromium chromium-driver firefox-esr webkit2gtk-driver xvfb openbox xdotool fonts-noto-core"
    ;;
front)
    tests="tests of the shipped nginx configuration and of what is on the disk before an answer"
    programs="nginx strace"
    packages="nginx-light strace"
    PATH=$PATH:/usr/sbin
    ;;
*)
    echo "Say 'browsers' or 'front'." >&2
    exit 1
    ;;
esac
line="apt-get update && apt-get install -y --no-install-recommends $packages"

missing() {
    for program in $programs; do
        command -v "$program" >/dev/null || printf '%s ' "$program"
    done
}

absent=$(missing)
absent=${absent% }
[ -n "$absent" ] || exit 0

if ! command -v apt-get >/dev/null; then
    echo "The $tests are skipped: $absent not found, and without apt-get you have to install them your way." >&2
elif [ "$(id -u)" != 0 ]; then
    echo "The $tests are skipped: $absent not found. This installs them: sudo sh -c '$line'" >&2
else
    echo "Installing what the $tests need: $absent"
    DEBIAN_FRONTEND=noninteractive sh -c "$line" >/dev/null ||
        echo "Nothing could be installed (apt-get's own words are above); the $tests are skipped." >&2
fi
