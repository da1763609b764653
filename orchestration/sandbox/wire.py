"""What goes over the pipe between a process and its child: frames of bytes.

Never pickle: what comes back from a child that opened a hostile file is data and nothing else. Not here: what
the frames hold.
"""

import struct
from typing import BinaryIO

_LENGTH = struct.Struct(">Q")
# A Delivery at the limits of `limits.Limits` stays below this.
_LONGEST_FRAME = 512 * 1_000_000


class PipeEndedError(Exception):
    """The other side ended, or sent what is no frame."""


def send(stream: BinaryIO, *frames: bytes) -> None:
    """Write the frames and flush them."""
    for payload in frames:
        stream.write(_LENGTH.pack(len(payload)))
        stream.write(payload)
    stream.flush()


def receive(stream: BinaryIO) -> bytes:
    """Read one frame. Raises PipeEndedError at the end of the stream."""
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    if length > _LONGEST_FRAME:
        raise PipeEndedError(f"a frame of {length} bytes")
    return _exactly(stream, length)


def _exactly(stream: BinaryIO, length: int) -> bytes:
    payload = stream.read(length)
    if len(payload) != length:
        raise PipeEndedError(f"{len(payload)} of {length} bytes")
    return payload
