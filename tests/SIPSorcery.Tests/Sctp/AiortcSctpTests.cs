using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using SIPSorcery.Net.Sctp;

namespace SIPSorcery.Tests.Sctp;

/// <summary>
/// An independent implementation at the other end: aiortc's SCTP transport, in real time, over pipes that may lose packets.
/// </summary>
public class AiortcSctpTests
{
    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 0)]
    [InlineData(true, 0.05)]
    [InlineData(false, 0.05)]
    public void Channels_messages_and_closing_work_with_aiortc(bool peerBegins, double loss)
    {
        using var peer = new Peer(peerBegins ? "controlling" : "controlled", loss);
        var random = new Random(4);
        var channel = peer.Channels.Open(new DataChannelSettings { Label = "dotnet" }, peer.Now)!;
        var unordered = peer.Channels.Open(
            new DataChannelSettings { Label = "loose", Ordered = false, MaxRetransmits = 20 }, peer.Now)!;
        peer.Association.Connect(peer.Now);
        peer.RunUntil(() => channel.Phase == DataChannelPhase.Open && peer.Accepted.Count == 1);
        Assert.Equal(("python", false, 30), (peer.Accepted[0].Label, peer.Accepted[0].Settings.Ordered,
            (int)peer.Accepted[0].Settings.MaxRetransmits!));
        peer.RunUntil(() => peer.Messages.Any(m => m.Channel == peer.Accepted[0] && m.IsText
            && Encoding.UTF8.GetString(m.Data!) == "hello"));

        var sent = new List<byte[]>();
        foreach (var size in new[] { 0, 1, 100, 1200, 5000, 65536, 200_000, 3 })
        {
            var message = new byte[size];
            random.NextBytes(message);
            sent.Add(message);
            Assert.Equal(SctpSendResult.Accepted, peer.Channels.SendBinary(channel, message, peer.Now));
        }

        peer.Channels.SendText(channel, "grüße", peer.Now);
        peer.Channels.SendText(unordered, "loose", peer.Now);
        peer.RunUntil(() => peer.Messages.Count == 1 + sent.Count + 2);
        var echoes = peer.Messages.Where(m => m.Channel == channel).ToArray();
        Assert.Equal(sent.Count + 1, echoes.Length);
        Assert.All(sent.Zip(echoes), pair => Assert.True(pair.First.AsSpan().SequenceEqual(pair.Second.Data)));
        Assert.True(echoes[^1].IsText);

        // One closed from here, one from there; but aiortc never repeats a reset request, so not where that may be lost.
        peer.Channels.Close(channel);
        if (loss == 0)
            peer.Channels.SendText(unordered, "bye", peer.Now);
        else
            peer.Channels.Close(unordered);
        peer.RunUntil(() => peer.Closed.Count == 2);
        Assert.Equal(SctpState.Established, peer.Association.State);
        Assert.Equal("python", Assert.Single(peer.Channels.All).Label);
    }

    private sealed class Peer : IDisposable
    {
        private readonly Process _process;
        private readonly BlockingCollection<byte[]> _incoming = [];
        private readonly Random _random = new(11);
        private readonly double _loss;
        private readonly byte[] _buffer = new byte[2048];
        private readonly Task _reading;
        private readonly Task<string> _errors;

        public Peer(string role, double loss)
        {
            _loss = loss;
            _process = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-u", Script(), role])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            _errors = _process.StandardError.ReadToEndAsync();
            _reading = Task.Run(Read);
            Channels = new DataChannels(Association);

            // aiortc gives the controlling side odd ids.
            Channels.UseIds(even: role == "controlling", Now);
        }

        public SctpAssociation Association { get; } = new(new SctpOptions());

        public DataChannels Channels { get; }

        public List<DataChannelCore> Accepted { get; } = [];

        public List<DataChannelCore> Closed { get; } = [];

        public List<DataChannelEvent> Messages { get; } = [];

        public long Now => Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000);

        public void RunUntil(Func<bool> condition)
        {
            var patience = Stopwatch.StartNew();
            while (true)
            {
                while (Channels.TryPollEvent(out var e, Now))
                {
                    if (e.Kind == DataChannelEventKind.Accepted)
                        Accepted.Add(e.Channel!);
                    else if (e.Kind == DataChannelEventKind.Message)
                        Messages.Add(e);
                    else if (e.Kind == DataChannelEventKind.Closed)
                        Closed.Add(e.Channel!);
                }

                for (int length; (length = Association.PollPacket(_buffer, Now)) > 0;)
                    Write(_buffer.AsSpan(0, length));
                if (condition())
                    return;
                if (patience.Elapsed > TimeSpan.FromSeconds(60) || _process.HasExited)
                {
                    Assert.Fail($"state {Association.State} {Association.CloseReason}, "
                        + $"{Messages.Count} messages, {Closed.Count} closed; "
                        + (_process.HasExited ? _errors.Result : "python still runs"));
                }

                var wait = Math.Clamp((Association.NextTimeout - Now) / 1000, 0, 50);
                if (_incoming.TryTake(out var packet, (int)wait) && _random.NextDouble() >= _loss)
                    Association.HandlePacket(packet, Now);
                if (Association.NextTimeout <= Now)
                    Association.HandleTimeout(Now);
            }
        }

        public void Dispose()
        {
            _process.Kill();
            _process.WaitForExit();
            _reading.Wait(TimeSpan.FromSeconds(10));
            _process.Dispose();
            _incoming.Dispose();
        }

        private void Write(ReadOnlySpan<byte> packet)
        {
            if (_random.NextDouble() < _loss)
                return;
            Span<byte> length = stackalloc byte[2];
            BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)packet.Length);
            var pipe = _process.StandardInput.BaseStream;
            pipe.Write(length);
            pipe.Write(packet);
            pipe.Flush();
        }

        private void Read()
        {
            var stream = _process.StandardOutput.BaseStream;
            var length = new byte[2];
            while (stream.ReadAtLeast(length, 2, throwOnEndOfStream: false) == 2)
            {
                var packet = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                if (stream.ReadAtLeast(packet, packet.Length, throwOnEndOfStream: false) < packet.Length)
                    return;
                _incoming.Add(packet);
            }
        }

        private static string Script([CallerFilePath] string here = "") =>
            Path.Combine(Path.GetDirectoryName(here)!, "aiortc_sctp_peer.py");
    }
}
