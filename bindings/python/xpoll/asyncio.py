# SPDX-License-Identifier: MIT
"""An event loop of asyncio on xpoll.

    with asyncio.Runner(loop_factory=xpoll.asyncio.new_event_loop) as runner:
        runner.run(main())

or, for code that makes loops itself, as long as asyncio has policies (deprecated since Python 3.14):

    asyncio.set_event_loop_policy(xpoll.asyncio.EventLoopPolicy())
"""
import asyncio

from xpoll.selectors import XpollSelector


def new_event_loop():
    """Return a new event loop. OSError (FileNotFoundError) if the module is not loaded."""
    return asyncio.SelectorEventLoop(XpollSelector())


def _policy_class():
    try:
        base = asyncio.DefaultEventLoopPolicy
    except AttributeError as error:
        raise AttributeError(f"{error}: use xpoll.asyncio.new_event_loop as a loop factory") from error

    class EventLoopPolicy(base):
        """asyncio's default policy, but for the loops that it makes: new_event_loop()."""

        __qualname__ = "EventLoopPolicy"

        def new_event_loop(self):
            return new_event_loop()

    return EventLoopPolicy


def __getattr__(name):
    # Made when it is asked for: an import must neither need asyncio's class nor warn of it.
    if name != "EventLoopPolicy":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return globals().setdefault(name, _policy_class())
