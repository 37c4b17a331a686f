using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using SIPSorcery.Net.Sctp;
using SIPSorcery.Sys;

namespace SIPSorcery.Net;

// How the core meets the world: the lock, the socket, the clock, and the events on their way to the application.
public partial class RTCPeerConnection : IPacketReceiver, ITimed, IDatagramSink, IThreadPoolWorkItem
{
    private const int MostPortsTried = 100;
    private const int MostInBatch = 60;
    private const int MostAddresses = 64;
    private const int MostNames = 2;

    // Packets that follow each other to one address with one size leave in one call: the kernel cuts them apart.
    private readonly byte[] _batch = GC.AllocateUninitializedArray<byte>(32 * 1024, pinned: true);
    private readonly SocketAddress _sendTo;
    private readonly TimeoutScheduler.Entry _schedule;
    private readonly Queue<NetAddress> _claimed = new();
    private readonly Queue<string> _names = new();
    private NetAddress _batchTo;
    private int _batchLength;
    private int _batchSize;
    private int _batchCount;
    private NetAddress _sendingTo;
    private bool _canReach;
    private long _heardAt = MonotonicClock.Now;
    private bool _isPumping;

    /// <inheritdoc/>
    long IPacketReceiver.HeardAt => Volatile.Read(ref _heardAt);

    /// <inheritdoc/>
    void IPacketReceiver.HandlePackets(Span<byte> packets, int size, NetAddress from, long now)
    {
        lock (_lock)
        {
            if (IsClosed)
            {
                return;
            }

            while (packets.Length > size)
            {
                _core.HandlePacket(packets[..size], from, now);
                packets = packets[size..];
            }

            _core.HandlePacket(packets, from, now);
            Settle(now);
        }
    }

    /// <inheritdoc/>
    long ITimed.RunDue(long now)
    {
        lock (_lock)
        {
            if (IsClosed)
            {
                return long.MaxValue;
            }

            _core.HandleTimeout(now);
            Flush(now);
            StartPump();
            return _core.NextTimeout;
        }
    }

    Span<byte> IDatagramSink.Rent(int size)
    {
        if (_batchLength + size > _batch.Length)
        {
            SendBatch();
        }

        return _batch.AsSpan(_batchLength);
    }

    void IDatagramSink.Send(int length, NetAddress to)
    {
        if (length == 0 || to.IsNone)
        {
            return;
        }

        if (_batchLength > 0 && (to != _batchTo || length > _batchSize || _batchCount == MostInBatch))
        {
            var start = _batchLength;
            SendBatch();
            _batch.AsSpan(start, length).CopyTo(_batch);
        }

        if (_batchLength == 0)
        {
            _batchSize = length;
            _batchTo = to;
        }

        _batchLength += length;
        _batchCount++;
        if (length < _batchSize)
        {
            SendBatch();
        }
    }

    /// <summary>Everything the core has to send, then what that left in the batch.</summary>
    private void Flush(long now)
    {
        _core.Flush(now);
        SendBatch();
    }

    private void SendBatch()
    {
        if (_batchLength == 0)
        {
            return;
        }

        if (_sendingTo != _batchTo)
        {
            _sendingTo = _batchTo;
            _canReach = _batchTo.TryWrite(_sendTo);
        }

        if (_canReach)
        {
            _port.Send(_batch.AsSpan(0, _batchLength), _batchSize, _sendTo);
        }

        _batchLength = 0;
        _batchCount = 0;
    }

    /// <summary>Raises what has happened, one event at a time, until nothing is left.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        while (true)
        {
            PeerEvent happened;
            DataChannelEvent data = default;
            bool isPeerEvent;
            lock (_lock)
            {
                isPeerEvent = _core.TryPollEvent(out happened);
                if (!isPeerEvent && !TryPollData(out data))
                {
                    _isPumping = false;
                    return;
                }
            }

            try
            {
                if (isPeerEvent)
                {
                    Raise(happened);
                }
                else
                {
                    Raise(data);
                }
            }
            catch (Exception error)
            {
                // An application's handler must not end the session for all.
                _logger.LogError(error, "A handler of {Event} failed", isPeerEvent ? happened.Kind : data.Kind);
            }
        }
    }

    private static UdpPort OpenPort(IPAddress? address, int bindPort, PortRange? range)
    {
        if (bindPort != 0 || range is null)
        {
            return UdpPort.Open(address, bindPort);
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return UdpPort.OpenOwn(address, range.GetNextPort());
            }
            catch (SocketException) when (attempt < MostPortsTried)
            {
                // Taken by somebody else: try the next.
            }
        }
    }

    /// <summary>Sends what is waiting, plans the next time-out and lets the application know. Under the lock.</summary>
    private void Settle(long now)
    {
        Flush(now);
        TimeoutScheduler.Shared.Plan(_schedule, _core.NextTimeout);
        StartPump();
    }

    private void StartPump()
    {
        if (!_isPumping && _core.HasEvents)
        {
            _isPumping = true;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private uint AddTag(Random random)
    {
        while (true)
        {
            var tag = unchecked((uint)random.NextInt64());
            if (_port.TryAddTag(tag, this))
            {
                return tag;
            }
        }
    }

    /// <summary>Checks under this name are ours; after a restart those under the name before are too.</summary>
    private void AddName(string name)
    {
        if (_names.Count == MostNames)
        {
            _port.RemoveName(_names.Dequeue());
        }

        _names.Enqueue(name);
        _port.AddName(name, this);
    }

    private void Claim(NetAddress address)
    {
        var now = MonotonicClock.Now;
        Volatile.Write(ref _heardAt, now);
        if (_claimed.Contains(address) || !_port.TryAddAddress(address, this, now))
        {
            return;
        }

        if (_claimed.Count == MostAddresses)
        {
            _port.RemoveAddress(_claimed.Dequeue(), this);
        }

        _claimed.Enqueue(address);
    }

    private void Leave()
    {
        TimeoutScheduler.Shared.Stop(_schedule);
        foreach (var name in _names)
        {
            _port.RemoveName(name);
        }

        foreach (var address in _claimed)
        {
            _port.RemoveAddress(address, this);
        }

        _port.RemoveTag(_ice.Tag);
    }

    private void Raise(in PeerEvent happened)
    {
        switch (happened.Kind)
        {
            case PeerEventKind.IceState:
                RaiseIceState(happened.IceState);
                break;
            case PeerEventKind.Destination:
                SetDestination(happened.Address.ToEndPoint());

                break;
            case PeerEventKind.Reflexive:
                AddReflexive(happened.Address);
                break;
            case PeerEventKind.GatheringDone:
                FinishGathering();
                break;
            case PeerEventKind.Secured:
                IsDtlsNegotiationComplete = true;
                Become(RTCPeerConnectionState.connected);
                IsStarted = true;
                RaiseStarted();
                break;
            case PeerEventKind.SecurityFailed:
                _logger.LogError("The DTLS handshake failed: {Reason}", happened.Text);
                Become(RTCPeerConnectionState.failed);
                Close("dtls handshake failed");
                break;
            case PeerEventKind.PeerClosed:
                Close("Remote DTLS close notification received");
                break;
            case PeerEventKind.Bye:
                RaiseBye("the peer ended a stream");
                break;
            default:
                RaiseMedia(happened);
                break;
        }
    }

    private void SetDestination(IPEndPoint destination)
    {
        lock (_lock)
        {
            VideoStreamList.ForEach(stream => stream.DestinationEndPoint = destination);
        }
    }

    private void RaiseIceState(RTCIceConnectionState state)
    {
        Become(state);
        switch (state)
        {
            case RTCIceConnectionState.connected:
                Become(IsDtlsNegotiationComplete ? RTCPeerConnectionState.connected : RTCPeerConnectionState.connecting);
                break;
            case RTCIceConnectionState.disconnected:
                Become(RTCPeerConnectionState.disconnected);
                break;
            case RTCIceConnectionState.failed:
                Become(RTCPeerConnectionState.failed);
                break;
        }
    }
}
