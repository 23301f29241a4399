# Sourced: what runs our TypeScript. Any POSIX shell will do, and no Node.

NEEDED_NODE=22.19

# Whether the program $1 is a Node that runs our sources as they stand: $NEEDED_NODE or newer.
runs_our_sources() {
  found=$("$1" --version 2>/dev/null) || return 1
  found=${found#v}
  minor=${found#*.}
  [ "${found%%.*}" -gt 22 ] || { [ "${found%%.*}" -eq 22 ] && [ "${minor%%.*}" -ge 19 ]; }
}

# "20.19.2 (/usr/bin/node)" of the program $1, or "none".
describe_node() {
  if [ -n "$1" ] && found=$("$1" --version 2>/dev/null); then echo "${found#v} ($1)"; else echo none; fi
}
