"""An aiortc end of the signalling: offers or answers with aiortc's own classes, and prints what it heard."""

import asyncio
import json
import sys

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.signaling import BYE, TcpSocketSignaling


def say(**what):
    print(json.dumps(what), flush=True)


async def hear(signaling):
    heard = await signaling.receive()
    if isinstance(heard, RTCSessionDescription):
        say(heard=heard.type, sdp=heard.sdp)
    elif heard is BYE:
        say(heard="bye")
    elif heard is None:
        say(heard="nothing")
    else:
        say(heard="candidate", ip=heard.ip, port=heard.port, mid=heard.sdpMid, index=heard.sdpMLineIndex)
    return heard


async def offer(signaling):
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    connection.addTransceiver("video", direction="recvonly")
    connection.createDataChannel("coordinates")
    await connection.setLocalDescription(await connection.createOffer())
    await signaling.send(connection.localDescription)
    await hear(signaling)
    await hear(signaling)
    await connection.close()


async def answer(signaling):
    offer = await hear(signaling)
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    await connection.setRemoteDescription(offer)
    await connection.setLocalDescription(await connection.createAnswer())
    await signaling.send(connection.localDescription)
    await hear(signaling)
    await connection.close()


async def main():
    role, host, port = sys.argv[1:4]
    signaling = TcpSocketSignaling(host, int(port))
    await (offer if role == "offer" else answer)(signaling)
    await signaling.close()


asyncio.run(main())
