# Where everything is and which versions are meant. Sourced by the scripts beside it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
project=$(cd "$here/../.." && pwd)
cluster=${CLUSTER_DIR:-$project/.cache/cluster}
binaries=$cluster/bin
state=$cluster/state
kubernetes=v1.37.2
node_address=10.9.0.1

need() {
    for tool; do
        command -v "$tool" >/dev/null || {
            echo "make cluster-test needs $tool. On Debian: apt-get install buildah debootstrap runc iptables ipset conntrack ethtool socat containernetworking-plugins iproute2 jq curl openssl; Go 1.26 from go.dev" >&2
            exit 1
        }
    done
}
