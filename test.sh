#!/usr/bin/env bash
# Every check and every test, cheapest first; the first failure ends it. `./test.sh tests/cli` runs the checks and those tests only.
set -euo pipefail
self="${BASH_SOURCE[0]}"
while [ -L "$self" ]; do
  target="$(readlink -- "$self")"
  case "$target" in /*) self="$target" ;; *) self="$(dirname -- "$self")/$target" ;; esac
done
cd -- "$(dirname -- "$self")"
unset PYTHONHOME PYTHONPATH VIRTUAL_ENV

started=$SECONDS
section() { printf '\n== %s (%d s)\n' "$1" "$((SECONDS - started))"; }

section "set-up"
if ! { cmp -s requirements-dev.lock .venv/requirements-dev.lock.done && cmp -s requirements.lock .venv/requirements.lock.done; }; then
  ./tools/bootstrap.sh dev
fi
python=.venv/bin/python

section "format"
"$python" -m ruff format --check .
section "lint"
"$python" -m ruff check .
if command -v shellcheck >/dev/null; then
  shellcheck manage-compute.sh manage-networking.sh test.sh tools/bootstrap.sh .ci/run
else
  echo "shellcheck is not installed: the shell scripts are not checked"
fi
section "types"
"$python" -m mypy
section "import contracts"
.venv/bin/lint-imports
section "templates"
.venv/bin/cfn-lint -c I -- infrastructure/*.yaml
section "reference pages"
"$python" tools/reference --check
section "tests"
"$python" -m pytest -q -n "${TEST_WORKERS:-2}" --dist loadgroup "$@"

printf '\nall green in %d s\n' "$((SECONDS - started))"
