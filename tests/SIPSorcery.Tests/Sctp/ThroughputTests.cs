using System.Diagnostics;
using SIPSorcery.Net.Sctp;
using Xunit.Abstractions;

namespace SIPSorcery.Tests.Sctp;

public class ThroughputTests(ITestOutputHelper output)
{
    private const int MessageSize = 64 * 1024;

    [Fact]
    public void Large_messages_flow_fast_and_without_allocation_per_packet()
    {
        var flow = new Flow();
        flow.Send(3000);
        var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        var packetsBefore = flow.Packets;
        var watch = Stopwatch.StartNew();
        var cpuBefore = Environment.CpuUsage.TotalTime;
        const int Count = 2000;
        flow.Send(Count);
        var seconds = watch.Elapsed.TotalSeconds;
        var allocated = GC.GetAllocatedBytesForCurrentThread() - allocatedBefore - (long)Count * (MessageSize + 24);
        var packets = flow.Packets - packetsBefore;
        var cpu = (Environment.CpuUsage.TotalTime - cpuBefore).TotalSeconds;
        output.WriteLine($"processor time: {Count * (double)MessageSize / cpu / 1e6:F0} MB/s, {cpu / packets * 1e9:F0} ns a packet; wall: "
            + $"{Count * (double)MessageSize / seconds / 1e6:F0} MB/s, {seconds / packets * 1e9:F0} ns a packet, "
            + $"{(double)allocated / packets:F2} bytes allocated a packet, {packets} packets");
        Assert.True(allocated < 32 * packets, $"{allocated} bytes allocated for {packets} packets beside the messages");
        Assert.True(seconds < 20);
    }

    /// <summary>Two associations back to back; packets of a burst cross before either side answers.</summary>
    private sealed class Flow
    {
        private readonly SctpAssociation _a = new(new SctpOptions { Random = SimulatedPair.Seeded(1) });
        private readonly SctpAssociation _b = new(new SctpOptions { Random = SimulatedPair.Seeded(2) });
        private readonly byte[] _buffer = new byte[2048];
        private readonly byte[] _message = new byte[MessageSize];
        private long _now = 1000;

        public Flow()
        {
            _a.Connect(_now);
            while (_a.State != SctpState.Established || _b.State != SctpState.Established)
                Exchange(_a, _b, Exchange(_b, _a, 0));
        }

        public long Packets { get; private set; }

        public void Send(int count)
        {
            var received = 0;
            while (received < count || _a.TotalBufferedAmount > 0)
            {
                while (count - received > 0 && _a.TotalBufferedAmount < 4 * MessageSize && _sent < count)
                {
                    Assert.Equal(SctpSendResult.Accepted, _a.Send(0, 53, _message, default, _now));
                    _sent++;
                }

                Exchange(_a, _b, 0);
                received += Exchange(_b, _a, 0);
                received += Take(_b);
            }

            _sent = 0;
        }

        private int _sent;

        private int Exchange(SctpAssociation from, SctpAssociation to, int received)
        {
            for (var burst = 0; burst < 8; burst++)
            {
                var length = from.PollPacket(_buffer, _now);
                if (length == 0)
                    break;
                Packets++;
                to.HandlePacket(_buffer.AsSpan(0, length), _now);
            }

            _now += 20;
            if (from.NextTimeout <= _now)
                from.HandleTimeout(_now);
            return received;
        }

        private static int Take(SctpAssociation association)
        {
            var messages = 0;
            while (association.TryPollEvent(out var e))
                messages += e.Kind == SctpEventKind.Message ? 1 : 0;
            return messages;
        }
    }
}
