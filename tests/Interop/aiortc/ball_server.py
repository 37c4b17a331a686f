"""Paints a bouncing ball, streams it to every client, and scores the coordinates they send back."""

import asyncio
import fractions
import re
import time

import cv2
import numpy
from aiortc import MediaStreamTrack, RTCPeerConnection, VideoStreamTrack
from aiortc.contrib.media import MediaRelay
from av import VideoFrame

import raw_frames
import wire

BACKGROUND, BALL = (32, 32, 32), (0, 255, 0)


class World:
    """Truth: a ball that moves in whole pixels and turns round at the walls."""

    def __init__(self, width, height, radius):
        self.width, self.height, self.radius = width, height, radius

    def at(self, frame):
        return (
            self.fold(self.width // 3 + 4 * frame, self.width - 2 * self.radius) + self.radius,
            self.fold(self.height // 4 + 3 * frame, self.height - 2 * self.radius) + self.radius,
        )

    @staticmethod
    def fold(distance, room):
        place = distance % (2 * room)
        return place if place <= room else 2 * room - place


class BallTrack(VideoStreamTrack):
    """One frame every interval, painted when it is due."""

    def __init__(self, world, fps):
        super().__init__()
        self.world, self.fps = world, fps
        self.frame = 0
        self.start = None
        self.painted = {}
        self.background = numpy.full((world.height, world.width, 3), BACKGROUND, numpy.uint8)

    async def recv(self):
        if self.start is None:
            self.start = time.monotonic()
        wait = self.start + self.frame / self.fps - time.monotonic()
        if wait > 0:
            await asyncio.sleep(wait)
        picture = self.background.copy()
        position = self.world.at(self.frame)
        cv2.circle(picture, position, self.world.radius, BALL, -1, cv2.LINE_AA)
        frame = VideoFrame.from_ndarray(picture, format="bgr24")
        frame.pts = self.frame * wire.CLOCK_RATE // self.fps
        frame.time_base = fractions.Fraction(1, wire.CLOCK_RATE)
        self.painted[frame.pts] = (self.frame, position, time.monotonic())
        self.painted.pop(frame.pts - 10 * wire.CLOCK_RATE, None)
        self.frame += 1
        return frame


class Watched(MediaStreamTrack):
    """A client's own view of the ball; remembers where the client's clock begins."""

    kind = "video"

    def __init__(self, track, client):
        super().__init__()
        self.track, self.client = track, client

    async def recv(self):
        frame = await self.track.recv()
        if self.client.first_pts is None:
            self.client.first_pts = frame.pts
        return frame


class Client:
    """
    One viewer and its score. A message may name its frame: {"pts": ..} is counted from the client's first frame, {"rtp": ..} is
    what a raw frame says itself.
    """

    def __init__(self, track):
        self.track = track
        self.first_pts = None
        self.messages = 0
        self.unmatched = 0
        self.latencies, self.errors = [], []

    def score(self, message):
        now = time.monotonic()
        if '"hello"' in message:
            return
        self.messages += 1
        named = re.search(r'"(pts|rtp)"\s*:\s*(\d+)', message)
        x, y = self.coordinates(message)
        start = self.first_pts if named and named.group(1) == "pts" else 0
        match = self.track.painted.get(int(named.group(2)) + (start or 0)) if named else None
        if match is None:
            self.unmatched += 1
            return
        _, (true_x, true_y), painted = match
        self.latencies.append((now - painted) * 1000)
        self.errors.append(((x - true_x) ** 2 + (y - true_y) ** 2) ** 0.5)

    @staticmethod
    def coordinates(message):
        if "{" in message:
            found = dict(re.findall(r'"([xy])"\s*:\s*(-?\d+(?:\.\d+)?)', message))
            return float(found["x"]), float(found["y"])
        numbers = wire.NUMBERS.findall(message)
        return float(numbers[0]), float(numbers[1])


async def send_raw(track, channel, pixels):
    """The other way for frames: pictures over a data channel. A frame is left out whole while much still waits."""
    number = 0
    while channel.readyState == "open":
        frame = await track.recv()
        picture = frame.to_ndarray(format="gray" if pixels == "gray" else "bgr24")
        if channel.bufferedAmount <= picture.size:
            for message in raw_frames.cut(number, frame.pts, time.monotonic_ns(), picture):
                channel.send(message)
            number += 1


async def serve(args, track, relay, signaling, clients):
    pc = RTCPeerConnection()
    client = Client(track)
    clients.append(client)
    done = asyncio.Event()

    def take(channel):
        @channel.on("message")
        def on_message(message):
            if isinstance(message, str):
                client.score(message)
            if client.messages == args.messages:
                done.set()

    @pc.on("datachannel")
    def on_datachannel(channel):
        take(channel)

    @pc.on("connectionstatechange")
    def on_state():
        if pc.connectionState in ("failed", "closed"):
            done.set()

    view = Watched(relay.subscribe(track, buffered=False), client)
    if args.frames == "video":
        pc.addTrack(view)
        wire.prefer(pc, args.codec)
    else:
        frames = pc.createDataChannel("frames", ordered=False, maxRetransmits=0)
        frames.on("open", lambda: asyncio.ensure_future(send_raw(view, frames, args.pixels)))
    if args.role == "offer":
        take(pc.createDataChannel("coordinates"))
    try:
        await wire.negotiate(pc, signaling, args.role)
        await asyncio.wait_for(done.wait(), args.seconds)
    except asyncio.TimeoutError:
        pass
    finally:
        await pc.close()
        await signaling.close()


async def main():
    parser = wire.options(__doc__, "offer")
    parser.add_argument("--size", default="640x480")
    parser.add_argument("--fps", type=int, default=30)
    parser.add_argument("--pixels", default="bgr", choices=["gray", "bgr"], help="of raw frames")
    parser.add_argument("--radius", type=int, default=20)
    parser.add_argument("--clients", type=int, default=1, help="end when this many have gone")
    parser.add_argument("--messages", type=int, help="send a client away when this many coordinates have come from it")
    args = parser.parse_args()

    width, height = map(int, args.size.split("x"))
    track = BallTrack(World(width, height, args.radius), args.fps)
    relay = MediaRelay()
    clients, tasks = [], []
    started, cpu = time.monotonic(), wire.cpu_seconds()

    if args.role == "offer":
        gone = asyncio.Semaphore(0)

        async def welcome(reader, writer):
            try:
                await serve(args, track, relay, wire.LineSignaling(reader, writer), clients)
            finally:
                gone.release()

        listener = await asyncio.start_server(welcome, args.host, args.port, limit=1 << 20)
        print("listening", flush=True)
        for _ in range(args.clients):
            await gone.acquire()
        listener.close()
    else:
        await serve(args, track, relay, await wire.LineSignaling.connect(args.host, args.port), clients)

    seconds = time.monotonic() - started
    wire.report(
        {
            "frames": track.frame,
            "seconds": seconds,
            "clients": len(clients),
            "messages": sum(client.messages for client in clients),
            "unmatched": sum(client.unmatched for client in clients),
            "latency_ms": wire.spread([value for client in clients for value in client.latencies]),
            "error_px": wire.spread([value for client in clients for value in client.errors]),
            "cpu_ms_per_frame": 1000 * (wire.cpu_seconds() - cpu) / max(1, track.frame),
        },
        args.json,
    )


if __name__ == "__main__":
    asyncio.run(main())
