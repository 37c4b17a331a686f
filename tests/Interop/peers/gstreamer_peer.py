"""A WebRTC peer on GStreamer's webrtcbin: sends H.264, decodes what it gets, echoes data.

Usage: gstreamer_peer.py offer|answer

In:  {"type": "offer"|"answer", "sdp": ...}, {"close": true}
Out: {"type": ..., "sdp": ...}, {"open": label}, {"message": text}, {"frames": n}, {"closed": label}, {"error": ...}
"""
import json
import sys
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstSdp", "1.0")
gi.require_version("GstWebRTC", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402

Gst.init(None)
loop = GLib.MainLoop()
role = sys.argv[1]


def report(**what):
    print(json.dumps(what), flush=True)


pipeline = Gst.parse_launch(
    "webrtcbin name=rtc bundle-policy=max-bundle latency=50 "
    "videotestsrc is-live=true ! video/x-raw,width=320,height=240,framerate=30/1 ! videoconvert ! "
    "openh264enc bitrate=500000 gop-size=30 ! h264parse config-interval=-1 ! rtph264pay pt=96 aggregate-mode=zero-latency ! "
    "application/x-rtp,media=video,encoding-name=H264,payload=96,clock-rate=90000 ! rtc.")
rtc = pipeline.get_by_name("rtc")
frames = 0


def on_frame(sink):
    global frames
    sink.emit("pull-sample")
    frames += 1
    if frames in (1, 5, 30):
        report(frames=frames)
    return Gst.FlowReturn.OK


def on_pad(_, pad):
    if pad.direction != Gst.PadDirection.SRC:
        return
    sink = Gst.parse_bin_from_description(
        "rtph264depay ! h264parse ! openh264dec ! appsink name=end emit-signals=true sync=false", True)
    sink.get_by_name("end").connect("new-sample", on_frame)
    pipeline.add(sink)
    sink.sync_state_with_parent()
    pad.link(sink.get_static_pad("sink"))


def on_message(channel, text):
    report(message=text)
    channel.emit("send-string", "echo:" + text)


def listen(channel):
    label = channel.get_property("label")
    channel.connect("on-message-string", on_message)
    channel.connect("on-open", lambda _: report(open=label))
    channel.connect("on-close", lambda _: report(closed=label))


def on_channel(_, channel):
    report(open=channel.get_property("label"))
    listen(channel)


def on_gathering(element, _):
    if element.get_property("ice-gathering-state") == GstWebRTC.WebRTCICEGatheringState.COMPLETE:
        report(type=role, sdp=element.get_property("local-description").sdp.as_text())


def on_description(promise, _):
    promise.wait()
    # The reply owns the description, so it has to live as long.
    reply = promise.get_reply()
    rtc.emit("set-local-description", reply.get_value(role), Gst.Promise.new())


def describe():
    rtc.emit("create-" + role, None, Gst.Promise.new_with_change_func(on_description, None))


def on_remote(promise, _):
    promise.wait()
    if role == "answer":
        describe()


def take(kind, sdp):
    _, message = GstSdp.SDPMessage.new()
    GstSdp.sdp_message_parse_buffer(sdp.encode(), message)
    kind = GstWebRTC.WebRTCSDPType.OFFER if kind == "offer" else GstWebRTC.WebRTCSDPType.ANSWER
    description = GstWebRTC.WebRTCSessionDescription.new(kind, message)
    rtc.emit("set-remote-description", description, Gst.Promise.new_with_change_func(on_remote, None))


def begin():
    listen(rtc.emit("create-data-channel", "from-gstreamer", None))
    describe()


def read():
    for line in sys.stdin:
        order = json.loads(line)
        if "type" in order:
            GLib.idle_add(take, order["type"], order["sdp"])
        elif "close" in order:
            break
    GLib.idle_add(loop.quit)


def on_bus(_, message):
    if message.type == Gst.MessageType.ERROR:
        report(error=str(message.parse_error()))


rtc.connect("pad-added", on_pad)
rtc.connect("on-data-channel", on_channel)
rtc.connect("notify::ice-gathering-state", on_gathering)
pipeline.get_bus().add_signal_watch()
pipeline.get_bus().connect("message", on_bus)
pipeline.set_state(Gst.State.PLAYING)
if role == "offer":
    GLib.idle_add(begin)
threading.Thread(target=read, daemon=True).start()
loop.run()
pipeline.set_state(Gst.State.NULL)
