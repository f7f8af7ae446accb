#!/bin/sh
# Make .venv and install a file of pinned requirements into it, unless that is done already.
#
#     sh site/bootstrap.sh requirements.txt
#
# PYTHON=/path/to/python chooses the Python; else the first one that fits is taken.
set -u
cd "$(dirname "$0")/.." || exit 1
requirements=${1:-requirements.txt}
folder=$(pwd -P)

fail() {
    printf 'Storefront: %s\n' "$1" >&2
    exit 1
}

# What a Python is, in one line that begins with "ok" if the shop can run on it. Whatever else is
# printed, by an old Python, a shim or nothing at all, is not ok.
describe() {
    "$1" -c '
import platform, sys
version = platform.python_version()
missing = []
for name in ("ensurepip", "venv", "ssl", "sqlite3", "ctypes"):
    try:
        __import__(name)
    except ImportError:
        missing.append(name)
if sys.version_info < (3, 11):
    print("old " + version)
elif missing:
    print("lacks %s %s" % (version, missing[0]))
else:
    print("ok %d.%d %s" % (sys.version_info[0], sys.version_info[1], platform.machine()))
' 2>/dev/null </dev/null | tail -n 1
}

# Sets $python and $about, or ends with the reason why nothing fits.
find_python() {
    reason=
    for python in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        command -v "$python" >/dev/null 2>&1 || continue
        about=$(describe "$python")
        case $about in
        'ok '*) return ;;
        'lacks '*' ensurepip' | 'lacks '*' venv')
            package=$(basename "$python")-venv
            reason="$python cannot make a virtual environment. On Debian and Ubuntu: sudo apt install $package" ;;
        'lacks '*)
            : "${reason:=$python was built without ${about##* }. Install a complete Python 3.11 or newer}" ;;
        'old '*)
            : "${reason:=$python is Python ${about#old }, and 3.11 or newer is needed. $how_to_get}" ;;
        *)
            : "${reason:=$python does not run as Python 3.11 or newer. $how_to_get}" ;;
        esac
    done
    [ -z "${PYTHON:-}" ] || : "${reason:=PYTHON=$PYTHON is not there}"
    fail "${reason:-Python 3.11 or newer is needed and there is none. $how_to_get}"
}
how_to_get='On Debian and Ubuntu: sudo apt install python3 python3-venv; on macOS: brew install python@3.13; or say where one is: PYTHON=/path/to/python3 make run'

# A folder that was moved or copied, a Python that is gone or was replaced: each makes another line.
venv_is_ours() {
    [ -f .venv/made-for ] || return 1
    about=$(describe .venv/bin/python) || return 1
    [ "$folder $about" = "$(cat .venv/made-for)" ] || return 1
    [ -z "${PYTHON:-}" ] || [ "$(describe "$PYTHON")" = "$about" ]
}

make_venv() {
    find_python
    printf 'Making .venv with %s\n' "$(command -v "$python")"
    rm -rf .venv
    "$python" -m venv .venv >"$log" 2>&1 || {
        rm -rf .venv
        fail "$python could not make .venv: $(tail -n 1 "$log")"
    }
    printf '%s %s\n' "$folder" "$about" >.venv/made-for
}

# A dot for each package, so that a slow line can be told from a hung one.
show_progress() {
    while IFS= read -r line; do
        printf '%s\n' "$line" >>"$log"
        case $line in
        Collecting*) printf . ;;
        'Installing collected'*) printf ' unpacking' ;;
        'pip ended: '*) code=${line#pip ended: } ;;
        esac
    done
    printf '\n'
    return "$code"
}

install() {
    printf 'Installing %s ' "$requirements"
    : >"$log"
    {
        PYTHONUNBUFFERED=1 .venv/bin/python -m pip install --no-input --disable-pip-version-check \
            --progress-bar off --require-hashes --requirement "$requirements" 2>&1
        echo "pip ended: $?"
    } | show_progress || {
        grep -i '^error' "$log" | head -n 3 >&2
        fail "the packages could not be installed. Is the network there? Then run it again; all that pip said is in $folder/$log"
    }
    # Last of all: an installation that was interrupted has no stamp and is done again.
    cp "$requirements" "$stamp"
}

log=var/bootstrap.log
stamp=.venv/installed-$requirements
if ! { [ -w . ] && mkdir -p var && : >"$log"; } 2>/dev/null; then
    fail "cannot write in $folder. Make the folder writable, or clone into one that is"
fi
venv_is_ours || make_venv
cmp -s "$requirements" "$stamp" || install
rm -f "$log"
