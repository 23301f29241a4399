#!/usr/bin/env bash
# Process 1 of a testbed, in namespaces of its own: starts the cluster and lives as long as all of its programs.
#
# Needs FOLDER (the testbed's folder), BIN (the Go programs), IMAGES (archives) and NODE_NAME.
# With LIFELINE=stdin it ends when its standard input does. It talks to the outside through files in $FOLDER/run:
#   address.env, network-ready   made outside: ADDRESS and HOST_ADDRESS; the link is there, and all configuration
#   api-ready                    made outside, once the API server answers
#   apiserver.hold               while it exists, no API server is started
#   apiserver.pid                made here, as numbered in here
#   images-imported              made here
set -euo pipefail
members=() # the programs whose end is the end of the testbed

log() { echo "$(date +%T.%N | cut -c1-12) $*"; }
until_exists() { # waits for a file, as long as all members live
  until [ -e "$1" ]; do
    for pid in "${members[@]}"; do kill -0 "$pid" 2>/dev/null || farewell; done
    sleep 0.05
  done
}
farewell() {
  log "a program of the testbed has ended, and so does the testbed; see the logs of those named above"
  exit 1
}

# What containerd, the kubelet and CNI leave in these folders must not meet another testbed's, and vanishes with us.
isolate() {
  mount -t proc proc /proc
  for folder in /run /var/lib /var/log; do mount -t tmpfs -o mode=755 tmpfs "$folder"; done
  mkdir -p /run/netns /run/lock
  [ -d "$FOLDER" ] && [ -d "$BIN" ] && [ -d "$IMAGES" ] || {
    log "cannot see $FOLDER, $BIN or $IMAGES: none of them may be below /run, /var/lib or /var/log"
    exit 1
  }
}

join_network() {
  . ./address.env
  ip link set lo up
  ip address add 10.0.0.1/32 dev lo     # the Service "kubernetes", without a kube-proxy
  ip route add unreachable 10.0.0.0/24  # any other Service fails at once instead of wandering off
  ip address add "$ADDRESS/30" dev eth0
  ip link set eth0 up
  ip route add default via "$HOST_ADDRESS"
}

start() { # start NAME COMMAND…: a member, with a log of its own
  local name=$1
  shift
  "$@" >"$FOLDER/logs/$name.log" 2>&1 </dev/null &
  members+=($!)
  log "started $name ($!)"
}

apiserver() { # once it was ready it is started again whenever it ends, so that tests may kill it
  while :; do
    while [ -e apiserver.hold ]; do sleep 0.05; done
    "$BIN/kube-apiserver" \
      --etcd-servers=http://127.0.0.1:2379 --bind-address=0.0.0.0 --secure-port=443 \
      --advertise-address="$ADDRESS" --endpoint-reconciler-type=none \
      --service-cluster-ip-range=10.0.0.0/24 --enable-aggregator-routing=true \
      --tls-cert-file="$FOLDER/apiserver.crt" --tls-private-key-file="$FOLDER/apiserver.key" \
      --client-ca-file="$FOLDER/ca.crt" --token-auth-file="$FOLDER/tokens.csv" --authorization-mode=Node,RBAC \
      --service-account-issuer=https://kubernetes.default.svc.cluster.local \
      --service-account-key-file="$FOLDER/service-accounts.key" \
      --service-account-signing-key-file="$FOLDER/service-accounts.key" \
      --kubelet-preferred-address-types=InternalIP --kubelet-certificate-authority="$FOLDER/ca.crt" \
      --kubelet-client-certificate="$FOLDER/kubelet-client.crt" --kubelet-client-key="$FOLDER/kubelet-client.key" \
      --audit-policy-file="$FOLDER/audit-policy.json" --audit-log-path="$FOLDER/audit.log" --audit-log-maxsize=1000 \
      --profiling=false &
    echo $! >apiserver.pid
    wait $! || log "kube-apiserver ended with $?"
    [ -e api-ready ] || return
  done
}

import_images() {
  until ctr version >/dev/null 2>&1; do sleep 0.1; done
  for archive in "$IMAGES"/*.tar; do ctr --namespace k8s.io images import "$archive"; done
  touch images-imported
}

start_control_plane() {
  mkdir -p "$FOLDER/etcd"
  start etcd "$BIN/etcd" --data-dir="$FOLDER/etcd" --unsafe-no-fsync --log-level=warn \
    --listen-client-urls=http://127.0.0.1:2379 --advertise-client-urls=http://127.0.0.1:2379 \
    --listen-peer-urls=http://127.0.0.1:2380 --initial-advertise-peer-urls=http://127.0.0.1:2380 \
    --initial-cluster=default=http://127.0.0.1:2380
  start containerd containerd --config "$FOLDER/containerd.toml" --log-level warn
  start kube-apiserver apiserver
}

start_components() {
  start kube-controller-manager "$BIN/kube-controller-manager" --kubeconfig="$FOLDER/kube-controller-manager.kubeconfig" \
    --use-service-account-credentials --service-account-private-key-file="$FOLDER/service-accounts.key" \
    --root-ca-file="$FOLDER/ca.crt" --leader-elect=false --secure-port=0 --kube-api-qps=300 --kube-api-burst=600
  start kube-scheduler "$BIN/kube-scheduler" --kubeconfig="$FOLDER/kube-scheduler.kubeconfig" \
    --leader-elect=false --secure-port=0 --kube-api-qps=300 --kube-api-burst=600
  # With its address given, the kubelet does not look its name up in a DNS that it cannot reach (2 × 10 s).
  start kubelet "$BIN/kubelet" --kubeconfig="$FOLDER/kubelet.kubeconfig" --config="$FOLDER/kubelet.json" \
    --root-dir="$FOLDER/kubelet" --hostname-override="$NODE_NAME" --node-ip="$ADDRESS"
}

main() { # called last, so that the shell has read all of this file before it starts
  cd "$FOLDER/run"
  exec 3<&0 # a program in the background would get an empty standard input instead
  isolate
  until_exists network-ready
  join_network
  start_control_plane
  import_images >"$FOLDER/logs/images.log" 2>&1 &
  until_exists api-ready
  start_components
  if [ "${LIFELINE:-}" = stdin ]; then
    cat <&3 >/dev/null &
    members+=($!)
  fi
  wait -n "${members[@]}" || true
  farewell
}

main
