"""The original task's two programs, in aiortc's own way and as short as they can be.

client: receives the video and answers each frame with coordinates (its mean brightness stands in for a finder).
server: sends a moving square and prints the coordinates that come back.
Either can offer (listen) or answer (connect).
"""

import asyncio
import json
import sys
from fractions import Fraction

import numpy
from aiortc import (RTCConfiguration, RTCPeerConnection, RTCRtpSender, RTCSessionDescription, VideoStreamTrack)
from aiortc.contrib.signaling import BYE, TcpSocketSignaling
from av import VideoFrame


def say(**what):
    print(json.dumps(what), flush=True)


class Square(VideoStreamTrack):
    """A white square that moves one pixel a frame."""

    def __init__(self):
        super().__init__()
        self.count = 0

    async def recv(self):
        pts, time_base = await self.next_timestamp()
        picture = numpy.zeros((240, 320, 3), numpy.uint8)
        picture[100:140, self.count % 280 : self.count % 280 + 40] = 255
        frame = VideoFrame.from_ndarray(picture, format="bgr24")
        frame.pts, frame.time_base = pts, time_base
        self.count += 1
        return frame


def prefer_h264(connection):
    codecs = [c for c in RTCRtpSender.getCapabilities("video").codecs if c.mimeType == "video/H264"]
    for transceiver in connection.getTransceivers():
        transceiver.setCodecPreferences(codecs)


async def watch(track, channels, style):
    while True:
        frame = await track.recv()
        picture = frame.to_ndarray(format="bgr24")
        x, y = float(picture.mean()), picture.shape[1]
        for channel in channels:
            if channel.readyState != "open":
                continue
            if style == "pts":
                channel.send(json.dumps({"pts": frame.pts, "x": x, "y": y}))
            else:
                channel.send("coords %d,%d" % (x, y))


def listen(channel):
    say(channel=channel.label)

    @channel.on("message")
    def on_message(message):
        if isinstance(message, bytes):
            height, width = int.from_bytes(message[34:36], "little"), int.from_bytes(message[32:34], "little")
            picture = numpy.frombuffer(message, numpy.uint8, offset=48).reshape(height, width)
            channel.raw_reply.send("%d,%d" % (picture[0, 5], picture.shape[1]))
        else:
            say(message=message)


async def main():
    kind, role, host, port, style = sys.argv[1:6]
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    signaling = TcpSocketSignaling(host, int(port))
    channels, tasks = [], []

    @connection.on("datachannel")
    def on_datachannel(channel):
        channels.append(channel)
        channel.raw_reply = channel
        listen(channel)

    @connection.on("track")
    def on_track(track):
        tasks.append(asyncio.ensure_future(watch(track, channels, style)))

    @connection.on("connectionstatechange")
    async def on_state():
        say(state=connection.connectionState)

    def add_video():
        if kind == "server":
            connection.addTrack(Square())
        elif role == "offer":
            connection.addTransceiver("video", direction="recvonly")

    if role == "offer":
        add_video()
        prefer_h264(connection)
        channel = connection.createDataChannel("chat")
        channels.append(channel)
        channel.raw_reply = channel
        listen(channel)
        await connection.setLocalDescription(await connection.createOffer())
        await signaling.send(connection.localDescription)
    while True:
        heard = await signaling.receive()
        if isinstance(heard, RTCSessionDescription):
            await connection.setRemoteDescription(heard)
            if heard.type == "offer":
                add_video()
                await connection.setLocalDescription(await connection.createAnswer())
                await signaling.send(connection.localDescription)
        elif heard is BYE or heard is None:
            say(heard="bye" if heard is BYE else "nothing")
            break
    for task in tasks:
        task.cancel()
    await connection.close()


asyncio.run(main())
