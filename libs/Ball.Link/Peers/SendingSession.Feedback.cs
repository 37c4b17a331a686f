using System.Net;
using SIPSorcery.Net;

namespace Ball.Link.Peers;

/// <summary>What the peer's RTCP says.</summary>
public sealed partial class SendingSession
{
    const string BitrateEstimate = "REMB";

    void AttachFeedback(RTCPeerConnection connection) => connection.OnReceiveReport += OnReport;

    void OnReport(IPEndPoint from, SDPMediaTypesEnum kind, RTCPCompoundPacket report)
    {
        try
        {
            long now = Now;
            if (report.Feedback is { } feedback)
                TakeFeedback(feedback, now);
            if (report.TWCCFeedback is { } transport)
                TakeStatuses(transport, now);
            TakeLoss(report.ReceiverReport?.ReceptionReports ?? report.SenderReport?.ReceptionReports, now);
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    void TakeFeedback(RTCPFeedback feedback, long now)
    {
        if (feedback.Header.PacketType != RTCPReportTypesEnum.PSFB)
            return;
        if (feedback.Header.PayloadFeedbackMessageType is PSFBFeedbackTypesEnum.PLI or PSFBFeedbackTypesEnum.FIR)
            AskForKeyframe();
        else if (feedback.UniqueID == BitrateEstimate)
            _bitrate.Estimate(feedback.BitrateMantissa * Math.Pow(2, feedback.BitrateExp), now);
    }

    void TakeStatuses(RTCPTWCCFeedback feedback, long now)
    {
        if (feedback.PacketStatuses is not { Count: > 0 } statuses)
            return;
        int lost = 0;
        foreach (var packet in statuses)
            lost += packet.Status == TWCCPacketStatusType.NotReceived ? 1 : 0;
        _bitrate.Loss((double)lost / statuses.Count, now);
    }

    void TakeLoss(List<ReceptionReportSample>? samples, long now)
    {
        if (samples is null || Connection?.VideoLocalTrack?.Ssrc is not { } ours)
            return;
        foreach (var sample in samples)
        {
            if (sample.SSRC == ours)
                _bitrate.Loss(sample.FractionLost / 256.0, now);
        }
    }
}
