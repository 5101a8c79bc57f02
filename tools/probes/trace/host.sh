#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# make trace's part on the host, run beside the guest: echo clients whose packets come to the guest's
# servers over virtio-net, through the ports that the runner forwards, one after the other.
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
