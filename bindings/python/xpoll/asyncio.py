# SPDX-License-Identifier: MIT
"""An event loop of asyncio on xpoll.

    with asyncio.Runner(loop_factory=xpoll.asyncio.new_event_loop) as runner:
        runner.run(main())

or, for code that makes loops itself:

    asyncio.set_event_loop_policy(xpoll.asyncio.EventLoopPolicy())
"""
import asyncio

from xpoll.selectors import XpollSelector


def new_event_loop():
    """Return a new event loop. OSError (FileNotFoundError) if the module is not loaded."""
    return asyncio.SelectorEventLoop(XpollSelector())


class EventLoopPolicy(asyncio.DefaultEventLoopPolicy):
    """asyncio's default policy, but for the loops that it makes: new_event_loop()."""

    def new_event_loop(self):
        return new_event_loop()
