# SPDX-License-Identifier: GPL-2.0-only
"""Runs tests of the Python package, and writes their results as GoogleTest does.

main.py [--filter PATTERN] [--substitute] --gtest_output=json:FILE MODULE...

MODULE is a file of tests beside this one, or one of CPython's own tests, such as test.test_epoll. With --substitute
xpoll takes the places of select.epoll and selectors.EpollSelector before these are imported.
"""
import argparse
import faulthandler
import json
import sys
import time
import unittest

# Seconds after which a test that hangs ends the program with the stack of each thread.
LIMIT = 300


class Results(unittest.TextTestResult):
    """Collects what GoogleTest's JSON has of each test."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.suites = {}

    def startTest(self, test):
        super().startTest(test)
        self.began = time.monotonic()
        self.entry = {"name": test.id().split(".")[-1], "result": "COMPLETED", "failures": []}
        self.suites.setdefault(type(test).__name__, []).append(self.entry)
        faulthandler.dump_traceback_later(LIMIT, exit=True)

    def stopTest(self, test):
        faulthandler.cancel_dump_traceback_later()
        self.entry["time"] = f"{time.monotonic() - self.began:.3f}s"
        if not self.entry["failures"]:
            del self.entry["failures"]
        super().stopTest(test)

    def _fail(self, test, error):
        if not hasattr(test, "_testMethodName"):
            # A class or a module that could not be set up.
            self.suites[str(test)] = [
                {"name": "setUp", "result": "COMPLETED", "time": "0s", "failures": [{"failure": str(error[1])}]}
            ]
            return
        self.entry["failures"].append({"failure": self._exc_info_to_string(error, test)})

    def addError(self, test, error):
        super().addError(test, error)
        self._fail(test, error)

    def addFailure(self, test, error):
        super().addFailure(test, error)
        self._fail(test, error)

    def addSubTest(self, test, subtest, error):
        super().addSubTest(test, subtest, error)
        if error:
            self.entry["failures"].append({"failure": f"{subtest}\n{self._exc_info_to_string(error, test)}"})

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        if hasattr(test, "_testMethodName"):
            self.entry["result"] = "SKIPPED"

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self.entry["failures"].append({"failure": "unexpected success"})


def substitute():
    import asyncio
    import select
    import selectors

    import xpoll.asyncio
    from xpoll.selectors import XpollSelector

    select.epoll = xpoll.epoll
    selectors.EpollSelector = selectors.DefaultSelector = XpollSelector
    asyncio.set_event_loop_policy(xpoll.asyncio.EventLoopPolicy())


def require_xpoll():
    import asyncio
    import os
    import select
    import selectors

    for made in (select.epoll(), selectors.EpollSelector(), selectors.DefaultSelector()):
        with made:
            link = os.readlink(f"/proc/self/fd/{made.fileno()}")
            if link != "anon_inode:[xpoll]":
                raise RuntimeError(f"{made!r} is {link}")
    loop = asyncio.new_event_loop()
    try:
        link = os.readlink(f"/proc/self/fd/{loop._selector.fileno()}")
    finally:
        loop.close()
    if link != "anon_inode:[xpoll]":
        raise RuntimeError(f"{loop!r} is on {link}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--gtest_output", required=True)
    parser.add_argument("--filter")
    parser.add_argument("--substitute", action="store_true")
    parser.add_argument("modules", nargs="+")
    arguments = parser.parse_args()
    if arguments.substitute:
        substitute()
        require_xpoll()
    loader = unittest.TestLoader()
    if arguments.filter:
        loader.testNamePatterns = [arguments.filter]
    suite = loader.loadTestsFromNames(arguments.modules)
    runner = unittest.TextTestRunner(resultclass=Results, verbosity=1)
    result = runner.run(suite)
    if arguments.substitute:
        require_xpoll()  # no test has put the originals back
    with open(arguments.gtest_output.removeprefix("json:"), "w") as file:
        json.dump({"testsuites": [{"name": name, "testsuite": tests} for name, tests in result.suites.items()]}, file)
    return 0 if result.wasSuccessful() and result.testsRun > len(result.skipped) else 1


if __name__ == "__main__":
    sys.exit(main())
