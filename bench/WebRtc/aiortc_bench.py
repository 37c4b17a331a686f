"""The same measurements on aiortc, between two processes: time to an open channel, round trip, throughput.

The last line is the figures as JSON: milliseconds, and megabytes a second."""
import asyncio
import json
import statistics
import subprocess
import sys
import time

from aiortc import RTCPeerConnection, RTCSessionDescription


async def receiver():
    reader = asyncio.StreamReader(limit=1 << 22)
    await asyncio.get_event_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    connection, expected, got = None, 0, 0
    while True:
        line = await reader.readline()
        if not line:
            return
        order = json.loads(line)
        if "offer" in order:
            connection = RTCPeerConnection()

            @connection.on("datachannel")
            def on_channel(channel):
                @channel.on("message")
                def on_message(message):
                    nonlocal got
                    if len(message) <= 64:
                        channel.send(message)
                        return
                    got += len(message)
                    if got >= expected:
                        got = 0
                        channel.send("done")

            await connection.setRemoteDescription(RTCSessionDescription(order["offer"], "offer"))
            await connection.setLocalDescription(await connection.createAnswer())
            print(json.dumps({"answer": connection.localDescription.sdp}), flush=True)
        elif "expect" in order:
            expected = order["expect"]
            print("{}", flush=True)
        elif "close" in order:
            await connection.close()
            print("{}", flush=True)


async def ask(other, order):
    other.stdin.write(json.dumps(order) + "\n")
    other.stdin.flush()
    return json.loads(await asyncio.get_event_loop().run_in_executor(None, other.stdout.readline))


async def connect(other):
    connection = RTCPeerConnection()
    channel = connection.createDataChannel("bench")
    opened = asyncio.Event()
    channel.on("open", opened.set)
    await connection.setLocalDescription(await connection.createOffer())
    reply = await ask(other, {"offer": connection.localDescription.sdp})
    await connection.setRemoteDescription(RTCSessionDescription(reply["answer"], "answer"))
    await opened.wait()
    return connection, channel


async def main():
    other = subprocess.Popen(
        [sys.executable, __file__, "receiver"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    times = []
    for _ in range(10):
        start = time.perf_counter()
        connection, _ = await connect(other)
        times.append(time.perf_counter() - start)
        await connection.close()
        await ask(other, {"close": True})
    figures = {"open": statistics.median(times[2:]) * 1000}

    connection, channel = await connect(other)
    answered = asyncio.Event()
    channel.on("message", lambda _: answered.set())
    times = []
    for _ in range(1000):
        start = time.perf_counter()
        channel.send(bytes(64))
        await answered.wait()
        answered.clear()
        times.append(time.perf_counter() - start)
    figures["ping"] = statistics.median(times) * 1000

    for size in (1200, 16384, 65536):
        total = 8 << 20
        await ask(other, {"expect": total})
        start = time.perf_counter()
        for _ in range(0, total, size):
            while channel.bufferedAmount > 4 << 20:
                await asyncio.sleep(0.001)
            channel.send(bytes(size))
        await answered.wait()
        answered.clear()
        figures[f"bulk{size}"] = total / (time.perf_counter() - start) / 1e6
    await connection.close()
    other.stdin.close()
    print(json.dumps(figures), flush=True)


asyncio.run(receiver() if sys.argv[1:] == ["receiver"] else main())
