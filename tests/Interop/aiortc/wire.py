"""What both programs share: signalling with aiortc's own lines, options, and a summary."""

import argparse
import asyncio
import json
import re
import resource

from aiortc import RTCRtpSender
from aiortc.contrib.signaling import BYE, object_from_string, object_to_string

CLOCK_RATE = 90000
NUMBERS = re.compile(r"-?\d+(?:\.\d+)?")


def options(description, role):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("role", nargs="?", choices=["offer", "answer"], default=role)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--seconds", type=float, default=10, help="how long to run once connected")
    parser.add_argument("--codec", default="H264", choices=["H264", "VP8"])
    parser.add_argument("--frames", default="video", choices=["video", "datachannel"])
    parser.add_argument("--json", help="write the summary to this file")
    return parser


class LineSignaling:
    """One JSON object a line over one TCP connection, as aiortc's TcpSocketSignaling speaks it."""

    def __init__(self, reader, writer):
        self.reader = reader
        self.writer = writer

    @staticmethod
    async def connect(host, port, patience=30):
        deadline = asyncio.get_running_loop().time() + patience
        while True:
            try:
                return LineSignaling(*await asyncio.open_connection(host, port, limit=1 << 20))
            except OSError:
                if asyncio.get_running_loop().time() > deadline:
                    raise
                await asyncio.sleep(0.1)

    async def send(self, thing):
        self.writer.write(object_to_string(thing).encode() + b"\n")
        await self.writer.drain()

    async def receive(self):
        line = await self.reader.readline()
        return object_from_string(line.decode()) if line else BYE

    async def close(self):
        try:
            await self.send(BYE)
        except OSError:
            pass
        self.writer.close()


def prefer(pc, codec):
    """Puts one codec first in everything that this connection negotiates."""
    capabilities = RTCRtpSender.getCapabilities("video").codecs
    chosen = [c for c in capabilities if c.mimeType == f"video/{codec}"]
    rtx = [c for c in capabilities if c.mimeType == "video/rtx"]
    for transceiver in pc.getTransceivers():
        if transceiver.kind == "video":
            transceiver.setCodecPreferences(chosen + rtx)


async def negotiate(pc, signaling, role):
    """Exchanges descriptions; afterwards the connection is on its way."""
    if role == "offer":
        await pc.setLocalDescription(await pc.createOffer())
        await signaling.send(pc.localDescription)
        await take_until(pc, signaling, "answer")
    else:
        await take_until(pc, signaling, "offer")
        await pc.setLocalDescription(await pc.createAnswer())
        await signaling.send(pc.localDescription)


async def take_until(pc, signaling, kind):
    while True:
        thing = await signaling.receive()
        if thing is BYE:
            raise ConnectionError("the other side said bye")
        if getattr(thing, "type", None) == kind:
            await pc.setRemoteDescription(thing)
            return
        await pc.addIceCandidate(thing)


async def hear_goodbye(signaling, done):
    """Once there is a connection: sets the event when the other side says goodbye, or hangs up."""
    try:
        while await signaling.receive() is not BYE:
            pass
    except OSError:
        pass
    done.set()


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None


def spread(values):
    """The usual three figures of a list of numbers."""
    return {
        "mean": sum(values) / len(values) if values else None,
        "p50": percentile(values, 0.5),
        "p95": percentile(values, 0.95),
        "p99": percentile(values, 0.99),
        "max": max(values, default=None),
    }


def cpu_seconds():
    """Of this process and of the children that have ended."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


def report(summary, path):
    text = json.dumps(summary, indent=2)
    print(text, flush=True)
    if path:
        with open(path, "w") as file:
            file.write(text)
