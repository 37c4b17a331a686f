using SIPSorcery.Net;

namespace SIPSorcery.Tests.Rtp;

public class FrameAssemblyTests
{
    readonly FramePacketiser _packetiser = new();
    readonly H264Stream _stream = new(2);
    readonly FrameAssembler _assembler = new();
    readonly ushort[] _missing = new ushort[64];
    ushort _sequence = 65_530; // wraps soon
    uint _timestamp = 9_000;
    long _now = 1_000;

    sealed record Packet(ushort Sequence, uint Timestamp, bool Marker, byte[] Payload);

    [Fact]
    public void A_frame_is_handed_out_with_its_last_packet()
    {
        var accessUnit = _stream.KeyFrame();
        var packets = Cut(accessUnit);
        foreach (var packet in packets[..^1])
        {
            Insert(packet);
            Assert.False(_assembler.TryTake(out _));
        }
        Insert(packets[^1]);
        Assert.True(_assembler.TryTake(out var frame));
        Assert.Equal(accessUnit, frame.AccessUnit);
        Assert.True(frame.IsKeyFrame);
        Assert.Equal(packets[0].Timestamp, frame.Timestamp);
    }

    [Fact]
    public void Packets_in_any_order_and_twice_make_the_same_frames()
    {
        var random = new Random(3);
        var sent = new List<byte[]> { _stream.KeyFrame() };
        Deliver(Cut(sent[0]));
        for (var round = 0; round < 100; round++)
        {
            var packets = new List<Packet>();
            for (var i = 0; i < 3; i++)
            {
                sent.Add(_stream.DeltaFrame(slices: 2));
                packets.AddRange(Cut(sent[^1]));
            }
            packets.AddRange(packets.ToArray());
            Deliver([.. packets.OrderBy(_ => random.Next())]);
        }
        Assert.Equal(sent, TakeAll().Select(frame => frame.AccessUnit));
        Assert.True(_assembler.Duplicates + _assembler.Late > 0);
        Assert.Equal(0, _assembler.FramesDropped);
    }

    [Fact]
    public void The_very_first_packets_may_overtake_each_other()
    {
        var packets = Cut(_stream.KeyFrame());
        Deliver([packets[2], packets[1], packets[0], .. packets[3..]]);
        Assert.Single(TakeAll());
        Assert.False(_assembler.TakeKeyFrameRequest(_now));
    }

    [Fact]
    public void A_lost_packet_is_asked_for_until_it_comes()
    {
        Deliver(Cut(_stream.KeyFrame()));
        TakeAll();
        var packets = Cut(_stream.DeltaFrame(5_000));
        Deliver([packets[0], .. packets[2..]]);
        Assert.Equal(0, _assembler.TakeMissing(_missing, _now)); // it may only have been overtaken
        for (var asked = 0; asked < 3; asked++)
        {
            _now = _assembler.NextTimeout();
            _assembler.Tick(_now);
            Assert.Equal(1, _assembler.TakeMissing(_missing, _now));
            Assert.Equal(packets[1].Sequence, _missing[0]);
            Assert.Equal(0, _assembler.TakeMissing(_missing, _now));
        }
        Insert(packets[1]);
        Assert.Single(TakeAll());
        Assert.Equal(1, _assembler.Recovered);
        Assert.Equal(long.MaxValue, _assembler.NextTimeout());
    }

    [Fact]
    public void What_does_not_come_is_given_up_and_decoding_goes_on_at_the_next_key_frame()
    {
        Deliver(Cut(_stream.KeyFrame()));
        Deliver(Cut(_stream.DeltaFrame(5_000))[..^2]);
        Deliver(Cut(_stream.DeltaFrame()));
        Assert.Single(TakeAll());
        _now += 3_000_000;
        _assembler.Tick(_now);
        Assert.True(_assembler.TakeKeyFrameRequest(_now));
        Assert.False(_assembler.TakeKeyFrameRequest(_now));
        Deliver(Cut(_stream.DeltaFrame()));
        Assert.Empty(TakeAll());
        var key = _stream.KeyFrame();
        Deliver(Cut(key));
        var delta = _stream.DeltaFrame();
        Deliver(Cut(delta));
        Assert.Equal([key, delta], TakeAll().Select(frame => frame.AccessUnit));
        Assert.False(_assembler.IsWaitingForKeyFrame);
    }

    [Fact]
    public void A_complete_key_frame_is_not_held_up_by_what_is_lost_before_it()
    {
        Deliver(Cut(_stream.KeyFrame()));
        TakeAll();
        Deliver(Cut(_stream.DeltaFrame(5_000))[..^2]);
        Deliver(Cut(_stream.DeltaFrame()));
        _now += 3_000_000;
        _assembler.Tick(_now); // given up; now waiting
        Deliver(Cut(_stream.DeltaFrame(5_000))[1..]);
        var key = _stream.KeyFrame();
        Deliver(Cut(key));
        Assert.Equal([key], TakeAll().Select(frame => frame.AccessUnit));
    }

    [Fact]
    public void A_key_frame_without_its_head_is_none()
    {
        Deliver(Cut(_stream.KeyFrame())[1..]); // parameter sets are missing
        Assert.Empty(TakeAll());
        Assert.True(_assembler.TakeKeyFrameRequest(_now));
        var key = _stream.KeyFrame();
        Deliver(Cut(key));
        Assert.Equal([key], TakeAll().Select(frame => frame.AccessUnit));
    }

    [Fact]
    public void A_key_frame_on_its_way_is_not_asked_for_again()
    {
        var packets = Cut(_stream.KeyFrame());
        Insert(packets[0]);
        Assert.False(_assembler.TakeKeyFrameRequest(_now));
        Deliver(Cut(_stream.KeyFrame())[..0]);
        Deliver(packets[1..]);
        Assert.False(_assembler.TakeKeyFrameRequest(_now));
        Assert.Single(TakeAll());
    }

    [Fact]
    public void Padding_and_missing_markers_are_tolerated()
    {
        var sent = new[] { _stream.KeyFrame(), _stream.DeltaFrame(), _stream.DeltaFrame(), _stream.DeltaFrame() };
        foreach (var accessUnit in sent[..^1])
        {
            Deliver([.. Cut(accessUnit).Select(packet => packet with { Marker = false })]);
            Insert(new Packet(_sequence++, _timestamp, false, []));
        }
        Deliver(Cut(sent[^1]));
        Assert.Equal(sent, TakeAll().Select(frame => frame.AccessUnit));
    }

    [Fact]
    public void A_frame_over_the_limit_is_dropped_and_the_next_key_frame_taken()
    {
        _assembler.MaxFrameSize = 10_000;
        Deliver(Cut(_stream.KeyFrame(20_000)));
        Assert.Empty(TakeAll());
        Assert.Equal(1, _assembler.Malformed);
        Deliver(Cut(_stream.KeyFrame(9_000)));
        Assert.Single(TakeAll());
    }

    [Fact]
    public void A_sender_that_begins_its_numbers_anew_is_followed()
    {
        Deliver(Cut(_stream.KeyFrame()));
        TakeAll();
        _sequence -= 20_000;
        Deliver(Cut(_stream.DeltaFrame()));
        var key = _stream.KeyFrame();
        Deliver(Cut(key));
        Assert.Equal([key], TakeAll().Select(frame => frame.AccessUnit));
    }

    [Fact]
    public void A_leap_forward_costs_a_key_frame_and_not_the_memory()
    {
        Deliver(Cut(_stream.KeyFrame()));
        TakeAll();
        for (var leap = 0; leap < 100; leap++)
        {
            _sequence += 10_000;
            Deliver(Cut(_stream.DeltaFrame()));
        }
        Assert.Empty(TakeAll());
        Assert.InRange(_assembler.TakeMissing(_missing, _now + 100_000), 0, 1);
        Deliver(Cut(_stream.KeyFrame()));
        Assert.Single(TakeAll());
    }

    [Fact]
    public void A_million_mutated_payloads_do_no_harm()
    {
        var random = new Random(7);
        var pool = Enumerable.Range(0, 40).SelectMany(i => Cut(i % 5 == 0 ? _stream.KeyFrame(3_000, 2) : _stream.DeltaFrame(600, 2)))
            .Select(packet => packet.Payload.Length > 300 ? packet with { Payload = packet.Payload[..300] } : packet).ToArray();
        var buffer = new byte[1_600];
        _assembler.MaxFrameSize = 64 * 1024;
        var frames = 0;
        for (var i = 0; i < 1_000_000; i++)
        {
            var packet = pool[i % pool.Length];
            packet.Payload.CopyTo(buffer, 0);
            var length = random.Next(4) == 0 ? random.Next(packet.Payload.Length + 1) : packet.Payload.Length;
            for (var flips = random.Next(4); flips > 0 && length > 0; flips--)
                buffer[random.Next(Math.Min(length, 40))] = (byte)random.Next(256);
            _now += random.Next(2_000);
            var sequence = random.Next(50) == 0 ? (ushort)random.Next(65_536) : _sequence++;
            if (random.Next(30) == 0)
                continue;
            _assembler.Insert(sequence, (uint)(i / 4), random.Next(4) == 0, 96, buffer.AsSpan(0, length), _now);
            if (i % 16 == 0)
            {
                _assembler.Tick(_now);
                _assembler.TakeMissing(_missing, _now);
                _assembler.TakeKeyFrameRequest(_now);
            }
            while (_assembler.TryTake(out var frame))
            {
                frames++;
                if (frame.AccessUnit.Length > _assembler.MaxFrameSize || !frame.AccessUnit.AsSpan().StartsWith((byte[])[0, 0, 0, 1]))
                    Assert.Fail("Not an access unit.");
            }
        }
        Assert.True(frames > 100);
        _sequence += 5_000;
        _now += 10_000_000;
        _timestamp += 1_000_000;
        Deliver(Cut(_stream.KeyFrame()));
        Assert.Single(TakeAll());
    }

    List<Packet> Cut(byte[] accessUnit)
    {
        _timestamp += 3_000;
        var payloads = H264PacketisationTests.Payloads(_packetiser.Packetise(accessUnit, 1_000));
        return [.. payloads.Select((payload, i) => new Packet(_sequence++, _timestamp, i == payloads.Count - 1, payload))];
    }

    void Deliver(IEnumerable<Packet> packets)
    {
        foreach (var packet in packets)
            Insert(packet);
    }

    void Insert(Packet packet)
    {
        _now += 100;
        _assembler.Insert(packet.Sequence, packet.Timestamp, packet.Marker, 96, packet.Payload, _now);
    }

    List<ReceivedFrame> TakeAll()
    {
        var frames = new List<ReceivedFrame>();
        while (_assembler.TryTake(out var frame))
            frames.Add(frame);
        return frames;
    }
}
