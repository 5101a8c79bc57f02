# SPDX-License-Identifier: GPL-2.0-only
"""The kinds of instance that the tests run on. select.epoll is the oracle."""
import os
import select
import sys
import unittest

import xpoll


def native_by_xpoll():
    """An instance of native epoll, called by xpoll.epoll."""
    with select.epoll() as native:
        return xpoll.epoll.fromfd(os.dup(native.fileno()))


ALL = {"native": select.epoll, "native_by_xpoll": native_by_xpoll, "xpoll": xpoll.epoll}
XPOLLS = {name: ALL[name] for name in ("native_by_xpoll", "xpoll")}


def on_each(kinds):
    """Makes a class of tests from the decorated one for each kind, whose create() makes an object."""

    def decorate(tests):
        module = sys.modules[tests.__module__]
        for kind, create in kinds.items():
            name = f"{tests.__name__}/{kind}"
            members = {"kind": kind, "create": staticmethod(create), "__module__": module.__name__}
            setattr(module, name, type(name, (tests, unittest.TestCase), members))
        return tests

    return decorate


class PipeTest:
    """Has pipes, which are closed at the end."""

    def pipe(self):
        ends = os.pipe()
        for fd in ends:
            self.addCleanup(os.close, fd)
        return ends

    def made(self):
        made = self.create()
        self.addCleanup(made.close)
        return made
