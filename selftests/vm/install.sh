#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Runs in a guest without the module: "make install", as on a machine with this kernel. The last line is "installed"
# if modprobe finds the module and xpoll-run its library.
set -euo pipefail

# The host's modules are read-only, and too many for depmod under emulation.
modules=/lib/modules/$(uname -r)
kept=$(mktemp --directory)
cp "$modules"/modules.{builtin,builtin.modinfo,order} "$kept"
mount -t tmpfs modules "$modules"
cp "$kept"/* "$modules"

make install
modprobe xpoll
test -c /dev/xpoll
xpoll-run --preload --stats-json /tmp/stats.json build/host/xpoll-echo --backend native --port 7 --expect-connections 1 &
build/host/xpoll-echo-client --connect 127.0.0.1:7 --connections 1 --messages 1
wait $!
# ld.so goes on without a library that it can't preload, and then the server's instances are the kernel's
grep --extended-regexp --quiet '"instances": *[1-9]' /tmp/stats.json
modprobe --remove xpoll
make uninstall
if modinfo xpoll 2>/dev/null; then exit 1; fi
echo installed
