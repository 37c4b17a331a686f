namespace SIPSorcery.Net;

/// <summary>Counts what arrives from a source, for report blocks (RFC 3550, appendix A).</summary>
internal sealed class ReceptionStatistics(int clockRate)
{
    const int MaxMisorder = 3000;

    long _base = -1;
    long _highest;
    long _received;
    long _expectedBefore;
    long _receivedBefore;
    long _jitter; // in 1/16 clock units
    uint _lastTimestamp;
    long _lastArrival;
    ushort? _restartAt;
    uint _lastReport;
    long _lastReportArrival;

    public long Received => _received;
    public long Lost => _base < 0 ? 0 : _highest - _base + 1 - _received;
    /// <summary>In clock units.</summary>
    public uint Jitter => (uint)(_jitter >> 4);
    public bool HasPackets => _base >= 0;

    public void OnPacket(ushort sequence, uint timestamp, long now)
    {
        if (_base < 0)
        {
            Restart(sequence);
        }
        else
        {
            var index = _highest + (short)(sequence - (ushort)_highest);
            if (Math.Abs(index - _highest) > MaxMisorder && index != _highest)
            {
                var restarted = _restartAt == sequence;
                _restartAt = (ushort)(sequence + 1);
                if (!restarted)
                    return;
                Restart(sequence);
            }
            else
            {
                _highest = Math.Max(_highest, index);
                var arrived = (now - _lastArrival) * clockRate / 1_000_000;
                var difference = Math.Abs(arrived - (int)(timestamp - _lastTimestamp));
                // A jump of the stream's clock is no jitter.
                if (difference < clockRate * 4L)
                    _jitter += difference - (_jitter + 8 >> 4);
            }
        }
        _received++;
        _lastTimestamp = timestamp;
        _lastArrival = now;
    }

    public void OnSenderReport(ulong ntp, long now)
    {
        _lastReport = NtpTime.Middle(ntp);
        _lastReportArrival = now;
    }

    /// <summary>The report block for now; the fraction lost is since the one before.</summary>
    public ReportBlock TakeReport(uint ssrc, long now)
    {
        var expected = _highest - _base + 1;
        var expectedInterval = expected - _expectedBefore;
        var lostInterval = expectedInterval - (_received - _receivedBefore);
        (_expectedBefore, _receivedBefore) = (expected, _received);
        var fraction = expectedInterval <= 0 || lostInterval <= 0 ? 0 : Math.Min(255, (lostInterval << 8) / expectedInterval);
        var lost = Math.Clamp(expected - _received, -0x800000, 0x7FFFFF);
        var delay = _lastReport == 0 ? 0 : NtpTime.MiddleFromMicros(now - _lastReportArrival);
        return new ReportBlock(ssrc, (byte)fraction, (int)lost, (uint)_highest, Jitter, _lastReport, delay);
    }

    void Restart(ushort sequence)
    {
        _base = _highest = sequence;
        (_received, _expectedBefore, _receivedBefore, _restartAt) = (0, 0, 0, null);
    }
}
