"""What a child of the supervisor does before anything else."""

from __future__ import annotations

import multiprocessing
import os

from northing.app.supervisor import run_child


def _exit_code(parent: int) -> int | None:
    child = multiprocessing.get_context("fork").Process(target=run_child, args=(lambda: None, "test", parent))
    child.start()
    child.join(30)
    return child.exitcode


def test_a_child_whose_parent_was_killed_right_after_the_fork_goes_too() -> None:
    """Else it would hold the folder's lock for ever: `make soak` found one after 460 kills."""
    assert _exit_code(parent=os.getppid()) == 1
    assert _exit_code(parent=os.getpid()) == 0
