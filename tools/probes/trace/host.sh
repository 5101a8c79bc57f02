#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The host's part of make trace, run beside the guest: echo clients, one after another, whose packets reach the
# guest's servers over virtio-net through the forwarded ports.
set -eu

if [ $# -ne 1 ] || [ -z "${XPOLL_FORWARD_PORT-}" ]; then
	echo "usage: XPOLL_FORWARD_PORT=PORT,... $0 MESSAGES" >&2
	exit 2
fi
messages=$1

for port in $(echo "$XPOLL_FORWARD_PORT" | tr , ' '); do
	build/host/xpoll-echo-client --connect "127.0.0.1:$port" --connections 1 --opening 1 \
		--messages "$messages" --timeout 300 >/dev/null
done
