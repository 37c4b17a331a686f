using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;
using SIPSorceryMedia.Abstractions;

namespace SIPSorcery.Net;

// Video and the reports about it.
public partial class RTCPeerConnection
{
    // With header, extensions and tag this stays below 1200 bytes, which passes everywhere.
    private const int LargestPayload = 1150;

    private static readonly IPEndPoint s_nowhere = new(IPAddress.Any, 0);

    private readonly Dictionary<VideoStream, VideoSender> _senders = [];
    private readonly ConcurrentDictionary<VideoReceiver, VideoStream> _receivers = new();
    private bool _saidUnknownCodec;

    private bool CanSendMedia => !IsClosed && IsDtlsNegotiationComplete && _ice.Selected is not null;

    /// <summary>True once media can be sent and received.</summary>
    public override bool IsSecureContextReady()
    {
        lock (_lock)
        {
            return _core.Media is { IsSecure: true };
        }
    }

    internal override void SendVideoOn(VideoStream stream, uint duration, byte[] frame, int? payloadType = null)
    {
        ArgumentNullException.ThrowIfNull(frame);
        if (stream.Agreement is not { CanSend: true } agreement || stream.LocalTrack is not { } track || IsClosed)
        {
            return;
        }

        if (!agreement.SendsH264)
        {
            if (!_saidUnknownCodec)
            {
                _saidUnknownCodec = true;
                _logger.LogError("Only H.264 can be sent, not {Codec}", agreement.SendFormat.Name());
            }

            return;
        }

        var cut = s_packetiser.Packetise(frame, LargestPayload, agreement.MayAggregate);
        lock (_lock)
        {
            if (CanSendMedia && _senders.TryGetValue(stream, out var sender))
            {
                var now = MonotonicClock.Now;
                sender.SendFrame(cut, track.Timestamp, now);
                track.Timestamp += duration;
                track.SeqNum = sender.Sequence;
                SendBatch();
                TimeoutScheduler.Shared.Plan(_schedule, _core.NextTimeout);
            }
        }

        cut.Release();
    }

    internal override void SendRawOn(
        VideoStream stream, ReadOnlySpan<byte> payload, uint timestamp, bool marker, int payloadType, ushort? sequence)
    {
        lock (_lock)
        {
            if (CanSendMedia && _senders.TryGetValue(stream, out var sender))
            {
                sender.SendRaw(payload, timestamp, marker, (byte)payloadType, MonotonicClock.Now, sequence);
                stream.LocalTrack!.SeqNum = sender.Sequence;
                SendBatch();
            }
        }
    }

    internal override void SendRtcp(ReadOnlySpan<byte> packet)
    {
        lock (_lock)
        {
            if (!IsClosed && _core.Media is { IsSecure: true } media)
            {
                media.SendRtcp(packet);
                SendBatch();
            }
        }
    }

    private protected override void Listen(bool toRtp, bool toRtcp)
    {
        lock (_lock)
        {
            _core.ReportsRtp = toRtp;
            _core.ReportsRtcp = toRtcp;
        }
    }

    private void ActivateVideo(long now)
    {
        var agreed = _lines.FindAll(line => line is { Agreement: not null, Stream: not null, IsRefused: false });
        if (agreed.Count == 0)
        {
            return;
        }

        var first = agreed[0].Agreement!;
        var media = _core.EnableMedia(
            new MediaTransportOptions
            {
                Extensions = new RtpExtensionIds(
                    (byte)first.MidId,
                    (byte)first.AbsSendTimeId,
                    (byte)(first.TransportFeedback ? first.TransportSequenceId : 0),
                    (byte)first.PlayoutDelayId),
                ReceiverSsrc = agreed[0].Stream!.LocalTrack?.Ssrc ?? NewSsrc(),
                Cname = _cname,
                TransportFeedback = first.TransportFeedback,
                Remb = first.Remb,
                ReducedSize = first.ReducedSize,
                UnixMicrosAtZero = ((DateTime.UtcNow - DateTime.UnixEpoch).Ticks / 10) - now,
            },
            now);
        foreach (var line in agreed)
        {
            line.Stream!.Agreement = line.Agreement;
            ActivateSender(media, line, line.Stream!, line.Agreement!);
            ActivateReceiver(media, line.Stream!, line.Agreement!);
        }
    }

    private void ActivateSender(MediaTransport media, MediaLine line, VideoStream stream, VideoAgreement agreement)
    {
        if (!agreement.CanSend || stream.LocalTrack is not { } track)
        {
            return;
        }

        _senders.TryGetValue(stream, out var before);
        var options = new VideoSenderOptions
        {
            Ssrc = track.Ssrc,
            PayloadType = (byte)agreement.SendFormat.ID,
            RtxSsrc = agreement.SendRepairType > 0 ? line.RepairSsrc : 0,
            RtxPayloadType = (byte)agreement.SendRepairType,
            Nack = agreement.Nack,
            Mid = agreement.MidId > 0 ? agreement.Mid : null,
            FirstSequence = before?.Options.FirstSequence ?? track.SeqNum,
        };
        if (before is not null)
        {
            if (before.Options == options)
            {
                return;
            }

            options = options with { FirstSequence = before.Sequence };
            media.Remove(before);
        }

        _senders[stream] = media.AddSender(options);
    }

    private void ActivateReceiver(MediaTransport media, VideoStream stream, VideoAgreement agreement)
    {
        var before = _receivers.FirstOrDefault(entry => entry.Value == stream).Key;
        if (before is not null && before.Options.Ssrc == agreement.RemoteSsrc && agreement.CanReceive)
        {
            return;
        }

        if (before is not null)
        {
            media.Remove(before);
            _receivers.TryRemove(before, out _);
        }

        if (!agreement.CanReceive)
        {
            return;
        }

        var receiver = media.AddReceiver(new VideoReceiverOptions
        {
            PayloadTypes = agreement.Formats.ConvertAll(format => (byte)format.ID),
            RtxPayloadTypes = agreement.RepairTypes.ToDictionary(entry => (byte)entry.Value, entry => (byte)entry.Key),
            Mid = agreement.MidId > 0 ? agreement.Mid : null,
            Ssrc = agreement.RemoteSsrc,
            RtxSsrc = agreement.RemoteRepairSsrc,
            Nack = agreement.Nack,
            Pli = agreement.PictureLoss,
            Fir = agreement.FullIntra,
            MaxFrameSize = stream.MaxReconstructedVideoFrameSize,
        });
        _receivers[receiver] = stream;
    }

    private void RaiseMedia(in PeerEvent happened)
    {
        var from = VideoStream?.DestinationEndPoint ?? s_nowhere;
        switch (happened.Kind)
        {
            case PeerEventKind.Frame when _receivers.TryGetValue(happened.Receiver!, out var stream):
                var format = stream.Agreement?.VideoFormatOf(happened.Frame.PayloadType) ?? VideoFormat.Empty;
                RaiseVideoFrame(stream, from, happened.Frame.Timestamp, happened.Frame.AccessUnit, format);
                break;
            case PeerEventKind.Rtp when _receivers.TryGetValue(happened.Receiver!, out var stream):
                if (stream.RemoteTrack is { } track)
                {
                    track.Ssrc = happened.Packet!.Header.SyncSource;
                    track.LastRemoteSeqNum = happened.Packet.Header.SequenceNumber;
                }

                RaiseRtpPacket(stream, from, happened.Packet!);
                break;
            case PeerEventKind.RtcpReceived when TryReadRtcp(happened.Rtcp!, out var report):
                RaiseReport(from, report, sent: false);
                break;
            case PeerEventKind.RtcpSent when TryReadRtcp(happened.Rtcp!, out var report):
                RaiseReport(from, report, sent: true);
                break;
        }
    }

    private static bool TryReadRtcp(byte[] datagram, out RTCPCompoundPacket report) =>
        RTCPCompoundPacket.TryParse(datagram, out report, out _);
}
