"""A WHEP player on aiortc: plays what an endpoint offers, tells of the frames it got, and ends its session.

Usage: player.py ENDPOINT FRAMES
"""
import asyncio
import json
import sys
import urllib.parse
import urllib.request

from aiortc import RTCPeerConnection, RTCSessionDescription


def ask(method, url, body=None):
    request = urllib.request.Request(url, body, {"content-type": "application/sdp"} if body else {}, method=method)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.status, answer.headers, answer.read().decode()


async def main(endpoint, wanted):
    connection = RTCPeerConnection()
    connection.addTransceiver("video", direction="recvonly")
    tracks = asyncio.Queue()
    connection.on("track", tracks.put_nowait)
    await connection.setLocalDescription(await connection.createOffer())
    offer = connection.localDescription.sdp.encode()
    status, headers, answer = await asyncio.to_thread(ask, "POST", endpoint, offer)
    session = urllib.parse.urljoin(endpoint, headers["location"])
    await connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))
    track = await asyncio.wait_for(tracks.get(), 20)
    sizes = set()
    for _ in range(wanted):
        frame = await asyncio.wait_for(track.recv(), 20)
        sizes.add(f"{frame.width}x{frame.height}")
    ended, _, _ = await asyncio.to_thread(ask, "DELETE", session)
    await connection.close()
    print(json.dumps({"created": status, "frames": wanted, "sizes": sorted(sizes), "ended": ended}))


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
