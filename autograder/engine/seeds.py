"""Random numbers that are the same each time, and tell a learner nothing about the class's seed."""

import hashlib
import random
import sys

import numpy as np


def seed_of(*parts: object) -> int:
    """A seed of 32 bits that depends on all of `parts` and on nothing else."""
    text = "\0".join(map(str, parts))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "little")


def seed_everything(seed: int) -> None:
    """Seed random, NumPy and, where it is loaded, torch; a room sees no other device."""
    random.seed(seed)
    np.random.seed(seed)
    torch = sys.modules.get("torch")
    if torch is not None:
        # torch.manual_seed also notes a traceback, in case there will be a GPU to seed
        torch.default_generator.manual_seed(seed)
