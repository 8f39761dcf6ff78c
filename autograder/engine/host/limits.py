"""What one submission may use."""

from dataclasses import dataclass

MIB = 2**20


@dataclass(frozen=True)
class Limits:
    """Limits per cell and per submission; the defaults suit a notebook that trains a small net."""

    seconds: float = 10.0  # wall time of one cell
    total_seconds: float = 60.0  # wall time of a submission; CPU time of each of its processes
    memory: int = 2048 * MIB  # bytes, of each process and of all together
    disk: int = 64 * MIB  # bytes of files, which live in memory
    processes: int = 32  # at one time, threads not counted
    output_bytes: int = 1 * MIB  # of one cell; what exceeds it is dropped
    outputs: int = 200  # pieces of output of one cell
    open_files: int = 512

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not value > 0:
                raise ValueError(f"limit {name} is {value}: it must be above 0")
