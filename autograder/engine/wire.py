"""Plain data as bytes: all that may cross from one room to the other.

A value is a tag byte and a body. `decode` builds exact built-in types, arrays and tensors from
bytes that an opponent may have written: it runs no code of theirs, and whatever is malformed,
too deep or too large is `NotPlain`.
"""

import math
import re
import struct
import sys
from collections.abc import Callable
from functools import lru_cache
from typing import Any, cast

import numpy as np

MAX_BYTES = 64 * 2**20  # of one encoded value
MAX_DEPTH = 32
MAX_ITEMS = 1_000_000  # values inside one encoded value, containers counted
MAX_INT_BYTES = 4096
MAX_NAME_BYTES = 200  # of a type

_ARRAY_DTYPE = re.compile(r"[<>|](?:b1|[iu][1248]|f[248]|c(?:8|16)|[SU]\d{1,7})")
_TORCH_INTS = ("bool", "uint8", "int8", "int16", "int32", "int64")
_TORCH_FLOATS = ("float16", "bfloat16", "float32", "float64", "complex64", "complex128")
_TORCH_DTYPES = frozenset(_TORCH_INTS + _TORCH_FLOATS)
_COUNT = struct.Struct("<Q")
_SMALL = struct.Struct("<q")
_FLOAT = struct.Struct("<d")
_COMPLEX = struct.Struct("<dd")


class NotPlain(ValueError):
    """A value that is not plain data, or bytes that do not encode any."""


ToHandle = Callable[[Any], tuple[int, str] | None]  # its number, and the name of its type
FromHandle = Callable[[int, str], Any]


def encode(obj: Any, *, to_handle: ToHandle | None = None, max_bytes: int = MAX_BYTES) -> bytes:
    """Encode plain data; a subclass becomes its built-in base.

    `to_handle` may number an object that is not plain and stays where it is (None: it may not).
    Raises NotPlain for anything else, and for what exceeds depth, count or size.
    """
    writer = _Writer(to_handle, max_bytes)
    writer.write(obj, 0)
    return b"".join(writer.chunks)


def decode(data: bytes, *, from_handle: FromHandle | None = None) -> Any:
    """Decode what `encode` made. Raises NotPlain for every other input, and nothing else."""
    if len(data) > MAX_BYTES:
        raise NotPlain(f"{len(data)} bytes: at most {MAX_BYTES} may cross")
    reader = _Reader(data, from_handle)
    try:
        value = reader.read(0)
    except NotPlain:
        raise
    except (ValueError, TypeError, OverflowError, RuntimeError, struct.error, IndexError) as error:
        raise NotPlain(f"malformed data: {error}") from error
    if reader.position != len(data):
        raise NotPlain(f"{len(data) - reader.position} bytes after the value")
    return value


class _Writer:
    """Collects the chunks of one encoded value and counts them."""

    def __init__(self, to_handle: ToHandle | None, max_bytes: int) -> None:
        self.chunks: list[bytes] = []
        self.to_handle = to_handle
        self.max_bytes = max_bytes
        self.size = 0
        self.items = 0

    def write(self, obj: Any, depth: int) -> None:
        """Write one value, its tag first."""
        self.items += 1
        if depth > MAX_DEPTH:
            raise NotPlain(f"nested more than {MAX_DEPTH} deep")
        if self.items > MAX_ITEMS:
            raise NotPlain(f"more than {MAX_ITEMS} values")
        encoder = _ENCODERS.get(type(obj)) or _encoder_of_base(obj)
        encoder(self, obj, depth)

    def _put(self, chunk: bytes) -> None:
        self.size += len(chunk)
        if self.size > self.max_bytes:
            raise NotPlain(f"more than {self.max_bytes} bytes")
        self.chunks.append(chunk)

    def _put_sized(self, tag: bytes, body: bytes) -> None:
        self._put(tag + _COUNT.pack(len(body)) + body)

    def _constant(self, obj: Any, depth: int) -> None:
        self._put({None: b"N", True: b"T", False: b"F", ...: b"."}[obj])

    def _int(self, obj: int, depth: int) -> None:
        value = int.__int__(obj)
        if -(2**63) <= value < 2**63:
            return self._put(b"q" + _SMALL.pack(value))
        length = value.bit_length() // 8 + 1
        if length > MAX_INT_BYTES:
            raise NotPlain(f"an integer of {length} bytes")
        return self._put_sized(b"i", value.to_bytes(length, "little", signed=True))

    def _float(self, obj: float, depth: int) -> None:
        self._put(b"d" + _FLOAT.pack(float.__float__(obj)))

    def _complex(self, obj: complex, depth: int) -> None:
        self._put(b"c" + _COMPLEX.pack(obj.real, obj.imag))

    def _str(self, obj: str, depth: int) -> None:
        self._put_sized(b"s", str.encode(obj, "utf-8", "surrogatepass"))

    def _bytes(self, obj: bytes, depth: int) -> None:
        self._put_sized(b"b", b"".join([obj]))

    def _sequence(self, tag: bytes, items: list[Any], depth: int) -> None:
        self._put(tag + _COUNT.pack(len(items)))
        for item in items:
            self.write(item, depth + 1)

    def _list(self, obj: list[Any], depth: int) -> None:
        self._sequence(b"[", list(list.__iter__(obj)), depth)

    def _tuple(self, obj: tuple[Any, ...], depth: int) -> None:
        self._sequence(b"(", list(tuple.__iter__(obj)), depth)

    def _set(self, obj: set[Any], depth: int) -> None:
        self._sequence(b"S", list(set.__iter__(obj)), depth)

    def _frozenset(self, obj: frozenset[Any], depth: int) -> None:
        self._sequence(b"Z", list(frozenset.__iter__(obj)), depth)

    def _dict(self, obj: dict[Any, Any], depth: int) -> None:
        self._sequence(b"{", [part for item in dict.items(obj) for part in item], depth)

    def _slice(self, obj: slice, depth: int) -> None:
        self._sequence(b":", [obj.start, obj.stop, obj.step], depth)

    def _range(self, obj: range, depth: int) -> None:
        self._sequence(b"r", [obj.start, obj.stop, obj.step], depth)

    def _dtype(self, obj: np.dtype, depth: int) -> None:
        self._put_sized(b"t", _checked_dtype(obj).str.encode())

    def _scalar(self, obj: np.generic, depth: int) -> None:
        array = np.asarray(obj)
        dtype = _checked_dtype(array.dtype)
        self._put_sized(b"g", dtype.str.encode())
        self._put_sized(b"", array.tobytes())

    def _array(self, obj: np.ndarray, depth: int) -> None:
        if isinstance(obj, np.ma.MaskedArray):
            raise NotPlain("a masked array")
        array = np.asarray(obj)
        dtype = _checked_dtype(array.dtype)
        if array.nbytes > self.max_bytes:
            raise NotPlain(f"an array of {array.nbytes} bytes: at most {self.max_bytes} may cross")
        self._put_sized(b"a", dtype.str.encode())
        axes = _memory_order(array.strides)
        self._layout(array.shape, axes, array.flags.writeable + 2 * obj.flags.owndata)
        self._put_sized(b"", array.transpose(axes).tobytes())

    def _layout(self, shape: tuple[int, ...], axes: list[int], flags: int) -> None:
        n_axes = len(shape)
        self._put(struct.pack(f"<BB{n_axes}Q{n_axes}B", n_axes, flags, *shape, *axes))

    def _tensor(self, obj: Any, depth: int) -> None:
        torch = sys.modules["torch"]
        name = str(obj.dtype).removeprefix("torch.")
        if name not in _TORCH_DTYPES or obj.layout != torch.strided:
            raise NotPlain(f"a tensor of {obj.dtype} in layout {obj.layout}")
        if obj.numel() * obj.element_size() > self.max_bytes:
            raise NotPlain(f"a tensor of shape {tuple(obj.shape)}: too large to cross")
        tensor = obj.detach().cpu().resolve_conj().resolve_neg()
        axes = _memory_order(tensor.stride())
        self._put_sized(b"p", name.encode())
        self._layout(tuple(tensor.shape), axes, obj.requires_grad)
        flat = tensor.permute(axes).contiguous().reshape(-1)
        self._put_sized(b"", flat.view(torch.uint8).numpy().tobytes())

    def _object(self, obj: Any, depth: int) -> None:
        handle = self.to_handle(obj) if self.to_handle else None
        if handle is None:
            raise NotPlain(f"{type(obj).__name__} is not plain data")
        number, name = handle
        self._put(b"H" + _COUNT.pack(number))
        self._put_sized(b"", name.encode("utf-8", "replace")[:MAX_NAME_BYTES])

    def _torch_dtype(self, obj: Any, depth: int) -> None:
        self._put_sized(b"P", str(obj).removeprefix("torch.").encode())


_ENCODERS: dict[type, Callable[[_Writer, Any, int], None]] = {
    type(None): _Writer._constant,
    bool: _Writer._constant,
    type(...): _Writer._constant,
    int: _Writer._int,
    float: _Writer._float,
    complex: _Writer._complex,
    str: _Writer._str,
    bytes: _Writer._bytes,
    list: _Writer._list,
    tuple: _Writer._tuple,
    dict: _Writer._dict,
    set: _Writer._set,
    frozenset: _Writer._frozenset,
    slice: _Writer._slice,
    range: _Writer._range,
    np.ndarray: _Writer._array,
}


def _encoder_of_base(obj: Any) -> Callable[[_Writer, Any, int], None]:
    """The encoder of the built-in type that `obj` derives from, or the one for objects."""
    if isinstance(obj, np.generic):  # before float: np.float64 is one
        return _Writer._scalar
    if isinstance(obj, np.dtype):
        return _Writer._dtype
    for base in type(obj).__mro__:
        if base in _ENCODERS:
            return _ENCODERS[base]
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(obj, torch.Tensor):
        return _Writer._tensor
    if torch is not None and isinstance(obj, torch.dtype):
        return _Writer._torch_dtype
    return _Writer._object


@lru_cache(maxsize=256)
def _dtype_named(name: bytes) -> np.dtype:
    text = name.decode("ascii")
    if not _ARRAY_DTYPE.fullmatch(text):
        raise NotPlain(f"array type {text[:20]!r}")
    return np.dtype(text)


@lru_cache(maxsize=256)
def _checked_dtype(dtype: np.dtype) -> np.dtype:
    if not _ARRAY_DTYPE.fullmatch(dtype.str):
        raise NotPlain(f"an array of {dtype}: only numbers, booleans and text may cross")
    return dtype


def _memory_order(strides: tuple[int, ...]) -> list[int]:
    """The axes from the widest stride to the narrowest, so that a transposed array stays one."""
    return sorted(range(len(strides)), key=lambda axis: -abs(strides[axis]))


class _Reader:
    """Reads one encoded value from bytes that nobody vouches for."""

    def __init__(self, data: bytes, from_handle: FromHandle | None) -> None:
        self.data = data
        self.position = 0
        self.items = 0
        self.from_handle = from_handle

    def read(self, depth: int) -> Any:
        """Read one value, its tag first."""
        self.items += 1
        if depth > MAX_DEPTH:
            raise NotPlain(f"nested more than {MAX_DEPTH} deep")
        if self.items > MAX_ITEMS:
            raise NotPlain(f"more than {MAX_ITEMS} values")
        tag = self._take(1)
        decoder = _DECODERS.get(tag)
        if decoder is None:
            raise NotPlain(f"unknown tag {tag!r}")
        return decoder(self, depth)

    def _take(self, n_bytes: int) -> bytes:
        end = self.position + n_bytes
        if end > len(self.data):
            raise NotPlain("the data end early")
        chunk = self.data[self.position : end]
        self.position = end
        return chunk

    def _count(self) -> int:
        position = self.position
        self.position += 8
        count: int = _COUNT.unpack_from(self.data, position)[0]  # struct.error where the data end
        return count

    def _sized(self) -> bytes:
        return self._take(self._count())

    def _parts(self, depth: int) -> list[Any]:
        n_items = self._count()
        if n_items > len(self.data) - self.position:  # each takes a byte at least
            raise NotPlain("the data end early")
        return [self.read(depth + 1) for _ in range(n_items)]

    def _int(self, depth: int) -> int:
        body = self._sized()
        if len(body) > MAX_INT_BYTES:
            raise NotPlain(f"an integer of {len(body)} bytes")
        return int.from_bytes(body, "little", signed=True)

    def _dict(self, depth: int) -> dict[Any, Any]:
        parts = self._parts(depth)
        return dict(zip(parts[::2], parts[1::2], strict=True))

    def _range(self, depth: int) -> range:
        return range(*self._parts(depth))

    def _slice(self, depth: int) -> slice:
        start, stop, step = self._parts(depth)
        return slice(start, stop, step)

    def _dtype(self, depth: int = 0) -> np.dtype:
        return _dtype_named(self._sized())

    def _scalar(self, depth: int) -> np.generic:
        dtype = self._dtype()
        scalar = _array_from(self._sized(), dtype, ())[()]
        return cast(np.generic, scalar)  # which NumPy's hints take for an array

    def _array(self, depth: int) -> np.ndarray:
        dtype = self._dtype()
        shape, axes, flags = self._layout()
        array = _array_from(self._sized(), dtype, tuple(shape[axis] for axis in axes))
        if axes != list(range(len(axes))):
            array = array.transpose(_inverse(axes))
        elif not flags & 2:  # a view, which cannot be resized
            array = array.view()
        array.flags.writeable = bool(flags & 1)
        return array

    def _layout(self) -> tuple[list[int], list[int], int]:
        n_axes, flags = self._take(2)
        if n_axes > 64 or flags > 3:
            raise NotPlain(f"{n_axes} axes, flags {flags}")
        shape = list(struct.unpack(f"<{n_axes}Q", self._take(8 * n_axes)))
        axes = list(self._take(n_axes))
        if sorted(axes) != list(range(n_axes)):
            raise NotPlain(f"axes {axes}")
        return shape, axes, flags

    def _tensor(self, depth: int) -> Any:
        dtype = self._torch_dtype()
        shape, axes, flags = self._layout()
        return _tensor_from(self._sized(), dtype, shape, axes).requires_grad_(bool(flags))

    def _torch_dtype(self, depth: int = 0) -> Any:
        name = self._sized().decode("ascii")
        if name not in _TORCH_DTYPES:
            raise NotPlain(f"tensor type {name[:20]!r}")
        import torch  # here, so that a process without tensors never loads it

        return getattr(torch, name)

    def _handle(self, depth: int) -> Any:
        if self.from_handle is None:
            raise NotPlain("a handle where only plain data may cross")
        number, name = self._count(), self._sized()
        if len(name) > MAX_NAME_BYTES:
            raise NotPlain(f"a name of {len(name)} bytes")
        return self.from_handle(number, name.decode("utf-8", "replace"))


_DECODERS: dict[bytes, Callable[[_Reader, int], Any]] = {
    b"N": lambda reader, depth: None,
    b"T": lambda reader, depth: True,
    b"F": lambda reader, depth: False,
    b".": lambda reader, depth: ...,
    b"q": lambda reader, depth: _SMALL.unpack(reader._take(8))[0],
    b"i": _Reader._int,
    b"d": lambda reader, depth: _FLOAT.unpack(reader._take(8))[0],
    b"c": lambda reader, depth: complex(*_COMPLEX.unpack(reader._take(16))),
    b"s": lambda reader, depth: reader._sized().decode("utf-8", "surrogatepass"),
    b"b": lambda reader, depth: reader._sized(),
    b"[": _Reader._parts,
    b"(": lambda reader, depth: tuple(reader._parts(depth)),
    b"S": lambda reader, depth: set(reader._parts(depth)),
    b"Z": lambda reader, depth: frozenset(reader._parts(depth)),
    b"{": _Reader._dict,
    b":": _Reader._slice,
    b"r": _Reader._range,
    b"t": _Reader._dtype,
    b"g": _Reader._scalar,
    b"a": _Reader._array,
    b"p": _Reader._tensor,
    b"P": _Reader._torch_dtype,
    b"H": _Reader._handle,
}


def _inverse(axes: list[int]) -> list[int]:
    return [axes.index(axis) for axis in range(len(axes))]


def _array_from(raw: bytes, dtype: np.dtype, shape: tuple[int, ...]) -> np.ndarray:
    """An array that owns its memory; refuses bit patterns that NumPy itself never makes."""
    if math.prod(shape) * dtype.itemsize != len(raw) or math.prod(shape) > MAX_BYTES:
        raise NotPlain(f"{len(raw)} bytes for {dtype} of shape {shape}")
    if dtype.kind == "b":
        _check_truth_bytes(raw)
    if dtype.kind == "U" and raw:
        points = np.frombuffer(raw, dtype=dtype.byteorder.replace("|", "=") + "u4")
        if points.max() > sys.maxunicode:
            raise NotPlain("text with code points beyond Unicode")
    return np.ndarray(shape, dtype, buffer=raw).copy() if raw else np.ndarray(shape, dtype)


def _tensor_from(raw: bytes, dtype: Any, shape: list[int], axes: list[int]) -> Any:
    import torch

    if math.prod(shape) * dtype.itemsize != len(raw):
        raise NotPlain(f"{len(raw)} bytes for {dtype} of shape {shape}")
    if dtype is torch.bool:
        _check_truth_bytes(raw)
    in_memory = [shape[axis] for axis in axes]
    if not raw:
        return torch.empty(in_memory, dtype=dtype).permute(_inverse(axes))
    flat = torch.frombuffer(bytearray(raw), dtype=dtype)
    return flat.clone().reshape(in_memory).permute(_inverse(axes))


def _check_truth_bytes(raw: bytes) -> None:
    """A boolean stored as 2 is true and yet unequal to True: it could fool a comparison."""
    if raw.translate(None, b"\x00\x01"):
        raise NotPlain("booleans that are neither 0 nor 1")
