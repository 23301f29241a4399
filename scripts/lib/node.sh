# Sourced by the scripts: leaves in $NODE a Node that runs our TypeScript, installing our packages when they are missing.
# Usage: root=… ; . "$root/scripts/lib/node.sh"; exec "$NODE" "$root/some/main.ts" "$@"

# Packages are fresh when npm's own record of them is not older than the lock file.
packages_are_stale() {
  [ ! -e "$root/node_modules/.package-lock.json" ] ||
    [ "$root/package-lock.json" -nt "$root/node_modules/.package-lock.json" ]
}

install_packages() {
  command -v npm >/dev/null || {
    echo "Cannot install the packages of $root: npm is not on the PATH; install Node 20 or newer with npm." >&2
    exit 1
  }
  echo "Installing the npm packages (once)…" >&2
  (cd "$root" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2) || {
    echo "Cannot install the packages of $root: npm ci failed, see its message above." >&2
    exit 1
  }
  touch "$root/node_modules/.package-lock.json"
}

if packages_are_stale; then
  # Two at once would remove each other's files; whoever comes second finds them fresh.
  if command -v flock >/dev/null; then
    exec 9>"$root/.npm-ci.lock"
    flock 9
  fi
  if packages_are_stale; then install_packages; fi
  exec 9>&-
fi

. "$root/scripts/lib/node-version.sh"
NODE=
for candidate in "$root/node_modules/.bin/node" "$(command -v node || true)"; do
  if [ -x "$candidate" ] && runs_our_sources "$candidate"; then
    NODE=$candidate
    break
  fi
done
[ -n "$NODE" ] || {
  echo "Node $NEEDED_NODE or newer is needed, and the PATH has $(describe_node "$(command -v node || true)"), $root/node_modules/.bin none: install a newer one, or remove node_modules and try again." >&2
  exit 1
}
# Programs that we start shall find the same Node.
PATH=$root/node_modules/.bin:$PATH
export PATH
