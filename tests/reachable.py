"""Search the memory of this process for a word."""

from __future__ import annotations

import gc
from types import FrameType, ModuleType


def is_reachable(word):
    """Whether a text that holds ``word``, other than ``word`` itself, can still be reached from anywhere.

    Types are asked for by `type`: `isinstance` would wake what other libraries keep asleep, with a warning.
    """
    gc.collect()
    waiting = [held for held in gc.get_objects() if type(held) is not FrameType]
    seen = {id(waiting)}
    while waiting:
        held = waiting.pop()
        if id(held) in seen or held is word:
            continue
        seen.add(id(held))
        if issubclass(type(held), (str, bytes)):
            if (word in held) if issubclass(type(held), str) else (word.encode() in held):
                return True
        elif not issubclass(type(held), (FrameType, ModuleType)):
            waiting.extend(gc.get_referents(held))
    return False
