namespace SIPSorcery.Net;

/// <summary>
/// Cuts H.264 access units into packet payloads (RFC 6184). The same access unit asked for again, for another peer, is the
/// same frame: that is what makes sending to many cheap. Thread-safe.
/// </summary>
internal sealed class FramePacketiser
{
    const int PoolLimit = 256;

    readonly Lock _gate = new();
    readonly Stack<PacketisedFrame> _free = new();
    PacketisedFrame? _latest;
    int _latestPayload;
    bool _latestAggregate;

    /// <summary>
    /// Cuts up an access unit, with payloads of at most <paramref name="maxPayload"/> bytes. The caller owns one reference
    /// and must release it. <paramref name="aggregate"/> stands for packetization-mode 1; in mode 0 small NAL units go alone,
    /// but those too large for a packet are fragmented all the same, since there is no other way and receivers take it.
    /// </summary>
    public PacketisedFrame Packetise(ReadOnlySpan<byte> accessUnit, int maxPayload, bool aggregate = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPayload, 16);
        lock (_gate)
        {
            // Comparing costs little beside packetising; a caller may well use one array for all its frames.
            if (_latest is { } latest && _latestPayload == maxPayload && _latestAggregate == aggregate
                && latest.AccessUnit.SequenceEqual(accessUnit))
            {
                latest.Retain(1);
                return latest;
            }
            _latest?.Release();
            var frame = _free.TryPop(out var used) ? used : new PacketisedFrame(this);
            frame.Load(accessUnit, maxPayload, aggregate);
            frame.Retain(1); // one for the caller, one for the cache
            (_latest, _latestPayload, _latestAggregate) = (frame, maxPayload, aggregate);
            return frame;
        }
    }

    internal void Return(PacketisedFrame frame)
    {
        lock (_gate)
        {
            if (_free.Count < PoolLimit)
                _free.Push(frame);
        }
    }
}
