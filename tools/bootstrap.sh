#!/usr/bin/env bash
# Finds a Python of 3.11 or newer and lets tools/bootstrap.py set up .venv (runtime) or .venv with the tools of development (dev).
set -eu
unset PYTHONHOME PYTHONPATH

case "${BASH_SOURCE[0]}" in */*) folder="${BASH_SOURCE[0]%/*}" ;; *) folder="." ;; esac
found=""
for name in "${PYTHON:-}" python3.13 python3.12 python3.11 python3.14 python3 python; do
  [ -n "$name" ] || continue
  command -v -- "$name" >/dev/null 2>&1 || continue
  version="$("$name" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" || continue
  found="$found $name is $version;"
  case "$version" in
    3.1[1-9] | 3.[2-9][0-9]) exec "$name" "$folder/bootstrap.py" "$@" ;;
  esac
done
{
  if [ -n "$found" ]; then
    echo "Python is too old: semanticworld needs 3.11 or newer, and here${found%;}"
  else
    echo "Python is missing: semanticworld needs 3.11 or newer, and none was found on the PATH"
  fi
  echo
  echo "hint: install it (Debian, Ubuntu: sudo apt-get install python3 python3-venv; macOS: brew install python@3.12) or say PYTHON=/path/to/python3.12"
  echo "code: CFG040 (docs/runbooks/CFG040.md)"
} >&2
exit 2
