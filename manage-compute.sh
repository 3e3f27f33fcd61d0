#!/usr/bin/env bash
# Hands over to semanticworld in this checkout's .venv, which bootstrap.py makes on first use.
set -eu

self="${BASH_SOURCE[0]}"
while [ -L "$self" ]; do
  target="$(readlink -- "$self")"
  case "$target" in /*) self="$target" ;; *) self="${self%/*}/$target" ;; esac
done
case "$self" in */*) root="${self%/*}" ;; *) root="." ;; esac

# cmp of the lock file and the copy that a finished set-up left behind: no Python is started to find out that all is well.
if ! cmp -s -- "$root/requirements.lock" "$root/.venv/requirements.lock.done"; then
  "$root/tools/bootstrap.sh" runtime || exit "$?"
fi
# The packages are those of .venv, whatever PYTHONPATH or the current folder hold.
unset PYTHONHOME PYTHONPATH
exec "$root/.venv/bin/python" -P -m semanticworld.cli.compute "$@"
