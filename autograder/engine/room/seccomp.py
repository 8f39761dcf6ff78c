"""A filter of system calls, written for the kernel's own BPF machine: no library is needed.

It takes away what no notebook needs: other processes' memory, mounts and namespaces, the network,
and channels that outlive a process (System V IPC, message queues, keyrings, io_uring).
The filter refuses with EPERM, so that an honest library that only asks goes on.
"""

import ctypes
import errno
import platform
import socket
import struct

from autograder.engine.room import linux

_ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}

# name: (number on x86-64, number on aarch64); from the kernel's unistd headers
_REFUSED = {
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "kcmp": (312, 272),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "setns": (308, 268),
    "unshare": (272, 97),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "shmget": (29, 194),
    "shmctl": (31, 195),
    "shmat": (30, 196),
    "shmdt": (67, 197),
    "semget": (64, 190),
    "semctl": (66, 191),
    "semop": (65, 193),
    "semtimedop": (220, 192),
    "msgget": (68, 186),
    "msgctl": (71, 187),
    "msgsnd": (69, 189),
    "msgrcv": (70, 188),
    "mq_open": (240, 180),
    "mq_unlink": (241, 181),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "reboot": (169, 142),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "syslog": (103, 116),
    "vhangup": (153, 58),
    "fanotify_init": (300, 262),
    "personality": (135, 92),
}
_CLONE = (56, 220)
_CLONE3 = (435, 435)
_SOCKET = (41, 198)
_NAMESPACE_FLAGS = 0x7E020000  # every CLONE_NEW* flag of clone(2)
_X32_BIT = 0x40000000

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENT_0 = 0, 4, 16  # offsets in struct seccomp_data
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_REFUSE = 0x00050000 | errno.EPERM
_UNKNOWN_CALL = 0x00050000 | errno.ENOSYS

_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2

Instruction = tuple[int, int, int, int]  # code, jump if true, jump if false, operand


def is_supported() -> bool:
    """Whether this machine's system call numbers are known."""
    return platform.machine() in _ARCHITECTURES


def program(machine: str) -> list[Instruction]:
    """The filter for one architecture. Raises KeyError for one whose numbers are unknown."""
    audit, column = _ARCHITECTURES[machine]
    start: list[Instruction] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, audit),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
    ]
    if machine == "x86_64":  # the x32 numbers would slip past the table
        start += [(_AT_LEAST, 0, 1, _X32_BIT), (_RETURN, 0, 0, _KILL)]
    start += [(_EQUAL, 0, 1, _CLONE3[column]), (_RETURN, 0, 0, _UNKNOWN_CALL)]
    start += _if_argument(_CLONE[column], (_ANY_BIT, 0, 1, _NAMESPACE_FLAGS))
    start += _if_argument(_SOCKET[column], (_EQUAL, 1, 0, socket.AF_UNIX))
    for numbers in _REFUSED.values():
        start += [(_EQUAL, 0, 1, numbers[column]), (_RETURN, 0, 0, _REFUSE)]
    return [*start, (_RETURN, 0, 0, _ALLOW)]


def _if_argument(number: int, test: Instruction) -> list[Instruction]:
    """Refuse call `number` if `test` of its first argument leads to the next instruction."""
    return [
        (_EQUAL, 0, 4, number),
        (_LOAD, 0, 0, _ARGUMENT_0),
        test,
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    ]


def packed(machine: str) -> bytes:
    """The filter as the kernel reads it; made once, before any room is forked."""
    return b"".join(struct.pack("HBBI", *line) for line in program(machine))


def install(instructions: bytes) -> None:
    """Put the filter on this process and all it starts; it cannot be taken off. Raises OSError."""
    lines = ctypes.create_string_buffer(instructions, len(instructions))
    count = len(instructions) // 8
    header = struct.pack("HxxxxxxP", count, ctypes.addressof(lines))
    header_buffer = ctypes.create_string_buffer(header, len(header))
    linux.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(header_buffer))
