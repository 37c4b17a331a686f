"""Receives the ball, finds it in a process of its own, and sends the coordinates back."""

import asyncio
import ctypes
import multiprocessing
import queue
import signal
import time

import cv2
from aiortc import RTCPeerConnection
from aiortc.mediastreams import MediaStreamError

import raw_frames
import wire

PR_SET_PDEATHSIG = 1


def find_balls(frames, x, y, pts, found):
    """The process: takes pictures from the queue, and leaves each position in the shared values."""
    # Where its parent is killed, nobody puts an end into the queue.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    while (item := frames.get()) is not None:
        stamp, gray = item
        circles = cv2.HoughCircles(
            gray, cv2.HOUGH_GRADIENT, 1, 2 * gray.shape[1], param1=50, param2=10, minRadius=10, maxRadius=60)
        if circles is not None:
            with x.get_lock():
                x.value, y.value, pts.value = float(circles[0, 0, 0]), float(circles[0, 0, 1]), stamp
            found.release()


class Detector:
    def __init__(self):
        self.frames = multiprocessing.Queue(maxsize=2)
        self.x, self.y = multiprocessing.Value(ctypes.c_double, -1), multiprocessing.Value(ctypes.c_double, -1)
        self.pts = multiprocessing.Value(ctypes.c_longlong, -1)
        self.found = multiprocessing.Semaphore(0)
        self.process = multiprocessing.Process(
            target=find_balls, args=(self.frames, self.x, self.y, self.pts, self.found), daemon=True
        )
        self.process.start()
        self.received = self.dropped = 0

    def offer(self, pts, gray):
        self.received += 1
        try:
            self.frames.put_nowait((pts, gray))
        except queue.Full:
            self.dropped += 1

    def wait(self):
        if not self.found.acquire(timeout=0.5):
            return None
        while self.found.acquire(block=False):
            pass
        with self.x.get_lock():
            return self.x.value, self.y.value, self.pts.value

    def stop(self):
        self.frames.put(None)
        self.process.join(5)


async def report_balls(detector, channel, message, state):
    loop = asyncio.get_running_loop()
    while not state["over"]:
        position = await loop.run_in_executor(None, detector.wait)
        if position and channel.readyState == "open":
            x, y, pts = position
            channel.send(message.replace("{x}", f"{x:.2f}").replace("{y}", f"{y:.2f}").replace("{pts}", str(pts)))
            state["sent"] += 1


async def watch(track, detector, state):
    try:
        while True:
            frame = await track.recv()
            state["frames"] += 1
            state["size"] = [frame.width, frame.height]
            if detector:
                detector.offer(frame.pts, frame.to_ndarray(format="gray"))
    except MediaStreamError:
        state["done"].set()


async def main():
    parser = wire.options(__doc__, "answer")
    parser.add_argument("--message", help="what is sent for each ball; by default JSON that names the frame")
    parser.add_argument("--receive-only", action="store_true", help="decode and count, find nothing")
    args = parser.parse_args()
    # A raw frame says its RTP timestamp; of a video frame aiortc tells only the ticks since the first.
    name = "pts" if args.frames == "video" else "rtp"
    message = args.message or '{"%s": {pts}, "x": {x}, "y": {y}}' % name

    pc = RTCPeerConnection()
    detector = None if args.receive_only else Detector()
    state = {"frames": 0, "sent": 0, "over": False, "size": None, "done": asyncio.Event()}
    tasks = []
    channels = asyncio.Queue()

    @pc.on("track")
    def on_track(track):
        tasks.append(asyncio.ensure_future(watch(track, detector, state)))

    def take_frames(channel):
        assembler = raw_frames.Assembler()

        @channel.on("message")
        def on_message(message):
            frame = assembler.take(message)
            if frame is None:
                return
            rtp, picture = frame
            state["frames"] += 1
            state["size"] = [picture.shape[1], picture.shape[0]]
            if detector:
                detector.offer(rtp, picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))

    @pc.on("datachannel")
    def on_datachannel(channel):
        take_frames(channel) if channel.label == "frames" else channels.put_nowait(channel)

    @pc.on("connectionstatechange")
    def on_state():
        if pc.connectionState in ("failed", "closed"):
            state["done"].set()

    if args.role == "offer":
        if args.frames == "video":
            pc.addTransceiver("video", direction="recvonly")
            wire.prefer(pc, args.codec)
        channel = pc.createDataChannel("coordinates")
        channel.on("open", lambda: channels.put_nowait(channel))
        listening = asyncio.get_running_loop().create_future()
        listener = await asyncio.start_server(
            lambda reader, writer: listening.set_result(wire.LineSignaling(reader, writer)), args.host, args.port, limit=1 << 20
        )
        print("listening", flush=True)
        signaling = await listening
        listener.close()
    else:
        signaling = await wire.LineSignaling.connect(args.host, args.port)

    cpu, began = wire.cpu_seconds(), time.monotonic()
    await wire.negotiate(pc, signaling, args.role)
    # Without a video track nothing else ends before ICE misses the other side, half a minute later.
    tasks.append(asyncio.ensure_future(wire.hear_goodbye(signaling, state["done"])))
    if detector:

        async def report_when_open():
            await report_balls(detector, await channels.get(), message, state)

        tasks.append(asyncio.ensure_future(report_when_open()))
    try:
        await asyncio.wait_for(state["done"].wait(), args.seconds)
    except asyncio.TimeoutError:
        pass
    state["over"] = True
    seconds = time.monotonic() - began
    await pc.close()
    await signaling.close()
    for task in tasks:
        task.cancel()
    if detector:
        detector.stop()
    wire.report(
        {
            "frames": state["frames"],
            "size": state["size"],
            "seconds": seconds,
            "fps": state["frames"] / seconds,
            "sent": state["sent"],
            "dropped": detector.dropped if detector else 0,
            "cpu_ms_per_frame": 1000 * (wire.cpu_seconds() - cpu) / max(1, state["frames"]),
        },
        args.json,
    )


if __name__ == "__main__":
    asyncio.run(main())
