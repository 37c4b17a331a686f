"""aiortc's SCTP transport between two pipes: packets with a 16-bit length before each, no DTLS, no network.

It echoes on every channel, opens one of its own, and closes the channel on which someone says "bye".
"""
import asyncio
import struct
import sys

from aiortc.rtcdatachannel import RTCDataChannel, RTCDataChannelParameters
from aiortc.rtcsctptransport import RTCSctpTransport


class Ice:
    role = sys.argv[1]


class Pipe:
    """What RTCSctpTransport needs of a DTLS transport."""

    state = "connected"
    transport = Ice()
    receiver = None

    def _register_data_receiver(self, receiver):
        self.receiver = receiver

    def _unregister_data_receiver(self, receiver):
        self.receiver = None

    async def _send_data(self, data):
        sys.stdout.buffer.write(struct.pack("!H", len(data)) + data)
        sys.stdout.buffer.flush()


def echo_on(channel):
    @channel.on("message")
    def on_message(message):
        if message == "bye":
            channel.close()
        else:
            channel.send(message)


async def main():
    pipe = Pipe()
    sctp = RTCSctpTransport(pipe)
    sctp.on("datachannel", echo_on)
    reader = asyncio.StreamReader(limit=1 << 20)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await sctp.start(sctp.getCapabilities(), 5000)
    own = RTCDataChannel(sctp, RTCDataChannelParameters(label="python", ordered=False, maxRetransmits=30))
    own.on("open", lambda: own.send("hello"))
    echo_on(own)
    while True:
        try:
            (length,) = struct.unpack("!H", await reader.readexactly(2))
            data = await reader.readexactly(length)
        except asyncio.IncompleteReadError:
            return
        if pipe.receiver is not None:
            await pipe.receiver._handle_data(data)


asyncio.run(main())
