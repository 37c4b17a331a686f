using Ball.Quic.Connections;
using Ball.Quic.Streams;
using Ball.Quic.Tests.Simulation;

namespace Ball.Quic.Tests;

/// <summary>What a packet costs the garbage collector once everything has its size: nothing.</summary>
public sealed class AllocationTests
{
    private readonly byte[] _buffer = new byte[Connection.MaxDatagram];
    private readonly byte[] _chunk = new byte[16 << 10];
    private readonly SimulatedNetwork _network = new(1);
    private StreamState? _input;
    private long _now;

    [Fact]
    public void A_stream_costs_nothing_for_a_packet()
    {
        Connect();
        Assert.True(_network.Client.TryOpen(uni: true, out var output));
        AssertFree(packets: 20_000, () =>
        {
            _network.Client.Write(output!, _chunk);
            Exchange();
            while (_input is not null && _network.Server!.Read(_input, _chunk, out _) > 0)
            {
            }
        });
    }

    [Fact]
    public void A_burst_that_fills_the_window_costs_nothing_for_a_packet()
    {
        Connect();
        Assert.True(_network.Client.TryOpen(uni: true, out var output));
        var bytes = new byte[512 << 10];
        var held = new List<byte[]>();
        AssertFree(packets: 40_000, () =>
        {
            // All of it is on its way before the first acknowledgement comes.
            _network.Client.Write(output!, bytes);
            int sent = 0;
            for (int tries = 0; tries < 50; tries++, _now += 1000)
            {
                while (_network.Client.TrySend(_buffer, _now, out int length, out _))
                {
                    if (held.Count == sent)
                        held.Add(new byte[Connection.MaxDatagram]);
                    _buffer.AsSpan(0, length).CopyTo(held[sent]);
                    _network.Server!.Receive(held[sent++].AsSpan(0, length), _network.ClientAddress, _now);
                }
            }

            Exchange();
            while (_input is not null && _network.Server!.Read(_input, bytes, out _) > 0)
            {
            }
        });
        Assert.True(held.Count > 300, $"the window held {held.Count} packets");
    }

    [Fact]
    public void A_datagram_costs_nothing()
    {
        Connect();
        AssertFree(packets: 20_000, () =>
        {
            _network.Client.TrySendDatagram(_chunk.AsSpan(0, 8), _chunk.AsSpan(0, 500));
            Exchange();
            while (_network.Server!.TryTakeDatagram(out var bytes, out int length))
            {
                _network.Server.TrySendDatagram(bytes.AsSpan(0, length), []);
                System.Buffers.ArrayPool<byte>.Shared.Return(bytes);
            }
        });
    }

    private void Connect()
    {
        Assert.True(_network.Run(() => _network.Server?.State == ConnectionState.Established
            && _network.Client.State == ConnectionState.Established));
        _now = _network.Now;
    }

    private void AssertFree(int packets, Action step)
    {
        Repeat(packets / 2, step);
        long least = long.MaxValue;
        for (int round = 0; round < 4; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Repeat(packets / 4, step);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        // The shared pool gives large buffers away when another test makes the collector run; not in every round.
        Assert.True(least < packets / 10, $"{least} bytes for {packets / 4} packets");
    }

    private void Repeat(int packets, Action step)
    {
        for (long until = Sent + packets; Sent < until;)
        {
            step();
            if (_network.Server!.State != ConnectionState.Established)
                Assert.Fail($"the connection ended: {_network.Server.Error}");
        }
    }

    private long Sent => _network.Client.PacketsSent + _network.Server!.PacketsSent;

    private void Exchange()
    {
        bool any;
        do
        {
            _now += 50;
            any = Move(_network.Client, _network.Server!, new PeerAddress(2, 5000));
            any |= Move(_network.Server!, _network.Client, new PeerAddress(1, 443));
        }
        while (any);
        _now += 25_000;
    }

    private bool Move(Connection from, Connection to, PeerAddress address)
    {
        bool any = false;
        if (from.NextTimeout <= _now)
            from.OnTimeout(_now);
        while (from.TrySend(_buffer, _now, out int length, out _))
        {
            to.Receive(_buffer.AsSpan(0, length), address, _now);
            any = true;
        }

        while (to.TryTakeEvent(out var next))
        {
            if (next.Kind == ConnectionEventKind.StreamOpened)
                _input ??= next.Stream;
        }

        return any;
    }
}
