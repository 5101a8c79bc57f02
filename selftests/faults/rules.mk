# SPDX-License-Identifier: GPL-2.0-only
# build/host/xpoll-faults, which makes each call of xpoll fail at each place where it can.

FAULTS_BIN := build/host/xpoll-faults
FAULTS_SRC := $(sort $(wildcard selftests/faults/*.cc))
FAULTS_OBJ := $(FAULTS_SRC:%.cc=build/host/obj/%.o)
FAULTS_SHARED_OBJ := $(filter-out %_test.o %/load/main.o,$(LOADTESTS_OBJ)) build/host/obj/selftests/load/load_test.o

.PHONY: faults
faults: $(FAULTS_BIN)

$(eval $(call host-objects,$(FAULTS_OBJ),$$(SELFTESTS_CXXFLAGS)))

$(eval $(call cxx-program,$(FAULTS_BIN),$(FAULTS_OBJ) $(FAULTS_SHARED_OBJ) $(SELFTESTS_LIBS),\
	$$(SELFTESTS_LDLIBS)))
