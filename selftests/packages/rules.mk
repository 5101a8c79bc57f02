# SPDX-License-Identifier: GPL-2.0-only
# "make check-packages": the Debian packages, from a clean root to the end of their life in a guest.

SUITES ?= bookworm trixie
.PHONY: check-packages
check-packages:
	packaging/setup mmdebstrap dpkg-dev lintian blhc diffoscope-minimal e2fsprogs qemu-system-x86
	selftests/packages/check build/packages $(SUITES)
