# SPDX-License-Identifier: GPL-2.0-only
# Tests of the Python package, by Debian's Python: the package's own, and CPython's tests of select.epoll, selectors
# and asyncio with xpoll in their places.

PYTHON_TESTS := $(sort $(patsubst selftests/python/%.py,%,$(wildcard selftests/python/*_test.py)))
# $(call python-row,PYTHON,TESTS): the package is found where it was built.
run-python = env LD_LIBRARY_PATH=build/host PYTHONPATH=$(PYTHON_DIR) PYTHONDONTWRITEBYTECODE=1 \
	$(1) selftests/python/main.py $(2)

# Where there is no module: the tests on native instances.
.PHONY: check-python-native
check-python-native: python
	$(call run-python,$(PYTHON),--filter '*native*' --gtest_output=json:build/host/python.json epoll_test enter_test \
		selector_test)

# One row of "make check" per kernel.
PYTHON_ROWS := $(if $(TESTS),,$(KERNELS:%=guest/%-python))
python-row = $(call run-python,$(PYTHON),$(PYTHON_TESTS))
$(eval $(call guest-row,python,$$(MODULE_GUEST)))

# CPython's own tests, of the version that Debian 12 has.
CPYTHON_PACKAGES := build/python/packages
CPYTHON_TESTS := test.test_epoll test.test_selectors $(addprefix test.test_asyncio.test_,base_events events runners \
	selector_events sendfile server sock_lowlevel streams subprocess unix_events)
$(CPYTHON_PACKAGES): FORCE | $(XPOLL_VM)
	mkdir -p $(@D)
	$(XPOLL_VM) packages libpython3.11-testsuite python3.11-minimal libpython3.11-minimal libpython3.11-stdlib >$@

CPYTHON_ROWS := $(KERNELS:%=guest/%-cpython)
cpython-row = $(call run-python,$$(cat $(CPYTHON_PACKAGES))/usr/bin/python3.11,--substitute $(CPYTHON_TESTS))
cpython-seconds = 1800
$(eval $(call guest-row,cpython,$$(MODULE_GUEST)))
$(eval $(call check-target,check-python,python module $(XPOLL_VM) $(CPYTHON_PACKAGES),$(PYTHON_ROWS) $(CPYTHON_ROWS)))
