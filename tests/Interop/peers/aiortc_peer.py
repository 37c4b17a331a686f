"""A WebRTC peer on aiortc, driven by JSON lines on stdin and reporting by JSON lines on stdout.

Usage: aiortc_peer.py offer|answer [video] [data]

In:  {"type": "offer"|"answer", "sdp": ...}, {"send": text}, {"sendBytes": count}, {"close": true}
Out: {"type": ..., "sdp": ...}, {"state": ...}, {"open": label}, {"message": text}, {"bytes": count}, {"frames": n, ...},
     {"closed": label}
"""
import asyncio
import fractions
import json
import sys

import numpy
from aiortc import RTCPeerConnection, RTCRtpSender, RTCSessionDescription, VideoStreamTrack
from av import VideoFrame


def report(**what):
    print(json.dumps(what), flush=True)


class Bars(VideoStreamTrack):
    """Coloured bars that move, so that every picture differs."""

    def __init__(self):
        super().__init__()
        self.number = 0

    async def recv(self):
        pts, time_base = await self.next_timestamp()
        columns = (numpy.arange(320) + 4 * self.number) % 256
        picture = numpy.zeros((240, 320, 3), dtype=numpy.uint8)
        picture[:, :, 0] = columns
        picture[:, :, 1] = 255 - columns
        self.number += 1
        frame = VideoFrame.from_ndarray(picture, format="bgr24")
        frame.pts = pts
        frame.time_base = fractions.Fraction(time_base)
        return frame


async def watch(track):
    count = 0
    while True:
        try:
            frame = await track.recv()
        except Exception:
            return
        count += 1
        if count in (1, 5, 30) or count % 100 == 0:
            report(frames=count, width=frame.width, height=frame.height)


def listen(channel):
    @channel.on("message")
    def on_message(message):
        if isinstance(message, str):
            report(message=message)
            channel.send("echo:" + message)
        else:
            report(bytes=len(message))
            channel.send(message)

    @channel.on("close")
    def on_close():
        report(closed=channel.label)


def prefer_h264(connection):
    codecs = [c for c in RTCRtpSender.getCapabilities("video").codecs if c.mimeType == "video/H264"]
    for transceiver in connection.getTransceivers():
        if transceiver.kind == "video":
            transceiver.setCodecPreferences(codecs)


async def main(role, wants):
    connection = RTCPeerConnection()
    channels = []

    @connection.on("connectionstatechange")
    def on_state():
        report(state=connection.connectionState)

    @connection.on("datachannel")
    def on_channel(channel):
        channels.append(channel)
        listen(channel)
        report(open=channel.label)

    @connection.on("track")
    def on_track(track):
        asyncio.ensure_future(watch(track))

    if "video" in wants and role == "offer":
        connection.addTrack(Bars())
        prefer_h264(connection)
    if "data" in wants and role == "offer":
        channel = connection.createDataChannel("from-aiortc")
        channels.append(channel)
        listen(channel)
        channel.on("open", lambda: report(open=channel.label))
    if role == "offer":
        await connection.setLocalDescription(await connection.createOffer())
        report(type="offer", sdp=connection.localDescription.sdp)

    reader = asyncio.StreamReader(limit=1 << 22)
    await asyncio.get_event_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while True:
        line = await reader.readline()
        if not line:
            break
        order = json.loads(line)
        if order.get("type") == "offer":
            await connection.setRemoteDescription(RTCSessionDescription(order["sdp"], "offer"))
            if "video" in wants:
                connection.addTrack(Bars())
                prefer_h264(connection)
            await connection.setLocalDescription(await connection.createAnswer())
            report(type="answer", sdp=connection.localDescription.sdp)
        elif order.get("type") == "answer":
            await connection.setRemoteDescription(RTCSessionDescription(order["sdp"], "answer"))
        elif "send" in order:
            channels[-1].send(order["send"])
        elif "sendBytes" in order:
            channels[-1].send(bytes(order["sendBytes"]))
        elif "close" in order:
            break
    await connection.close()
    report(state="ended")


asyncio.run(main(sys.argv[1], sys.argv[2:]))
