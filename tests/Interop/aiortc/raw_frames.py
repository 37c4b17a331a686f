"""Raw frames on a data channel, as docs/protocol.md has them: a header and pixels, in messages of at most 64 KiB."""

import struct

import numpy

HEADER = struct.Struct("<4sBBHqIIqHHIIHH")
BGR, GRAY = 2, 3
CHANNELS = {BGR: 3, GRAY: 1}
MAX_MESSAGE = 64 * 1024


def cut(number, rtp, nanoseconds, picture):
    """The messages of one picture, an array of rows, gray or BGR."""
    height, width = picture.shape[:2]
    pixels = picture.tobytes()
    count = -(-len(pixels) // (MAX_MESSAGE - HEADER.size))
    size = -(-len(pixels) // count)
    for index in range(count):
        header = HEADER.pack(
            b"BRF1", 1, GRAY if picture.ndim == 2 else BGR, HEADER.size, number, rtp, len(pixels), nanoseconds,
            width, height, len(pixels) // height, index * size, index, count,
        )
        yield header + pixels[index * size : (index + 1) * size]


class Assembler:
    """Puts pictures together; the latest wins, and at most two are under way."""

    def __init__(self):
        self.under_way = {}
        self.delivered = -1

    def take(self, message):
        """The RTP timestamp and the picture that this message completes, or None."""
        (magic, version, kind, _, number, rtp, length, _, width, height, stride, offset, index, count) = \
            HEADER.unpack_from(message)
        if magic != b"BRF1" or version != 1 or kind not in CHANNELS or stride != width * CHANNELS[kind]:
            raise ValueError(f"no raw frame: {message[:HEADER.size].hex()}")
        if number <= self.delivered:
            return None
        pixels, missing = self.under_way.setdefault(number, (bytearray(length), set(range(count))))
        pixels[offset : offset + len(message) - HEADER.size] = message[HEADER.size :]
        missing.discard(index)
        if missing:
            while len(self.under_way) > 2:
                del self.under_way[min(self.under_way)]
            return None
        self.delivered = number
        self.under_way = {other: frame for other, frame in self.under_way.items() if other > number}
        shape = (height, width) if kind == GRAY else (height, width, 3)
        return rtp, numpy.frombuffer(bytes(pixels), numpy.uint8).reshape(shape)
