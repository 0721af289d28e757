"""Keeps Python's collector of cycles from stopping the window.

A full collection looks at every object there is and stops all threads meanwhile: 80 ms over what a loaded program
consists of, which never becomes garbage. So what there is after the start is set aside for good, and full collections
wait until a job is over. The young generations, which hold what a job leaves behind, are collected as ever.
"""

import gc

_NEVER = 1_000_000


class QuietMemory:
    """Told of jobs that begin and end."""

    def __init__(self) -> None:
        self._usual = gc.get_threshold()

    def set_aside(self) -> None:
        """Take what there is now for permanent: the program itself."""
        gc.freeze()

    def job_began(self) -> None:
        """No full collections until the job is over."""
        young, middle, _ = self._usual
        gc.set_threshold(young, middle, _NEVER)

    def job_ended(self) -> None:
        """Collect as usual."""
        gc.set_threshold(*self._usual)
