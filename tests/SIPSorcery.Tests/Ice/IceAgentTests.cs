using System.Text;
using SIPSorcery.Net;

namespace SIPSorcery.Tests.Ice;

/// <summary>Two agents finding their way to each other, without sockets.</summary>
public sealed class IceAgentTests
{
    private readonly Dictionary<NetAddress, IceAgent> _at = [];
    private readonly Queue<(byte[] Packet, NetAddress From, NetAddress To)> _network = new();
    private readonly HashSet<NetAddress> _dead = [];
    private readonly HashSet<NetAddress> _deaf = [];
    private readonly IceAgent _left = new(isControlling: true, 1, new Random(1));
    private readonly IceAgent _right = new(isControlling: false, 2, new Random(2));
    private long _now = 1_000_000;

    private static NetAddress Left => NetAddress.FromIPv4(0x0A000001, 1000);

    private static NetAddress Right => NetAddress.FromIPv4(0x0A000002, 2000);

    public IceAgentTests()
    {
        _at[Left] = _left;
        _at[Right] = _right;
    }

    [Fact]
    public void The_controlling_side_chooses_and_both_agree()
    {
        Introduce();
        AddCandidates();
        Run(1_000_000);

        Assert.Equal(Right, _left.Selected!.Remote);
        Assert.Equal(Left, _right.Selected!.Remote);
        Assert.True(_right.Selected.Nominated);
        Assert.Equal(RTCIceConnectionState.connected, _left.State);
        Assert.Equal(RTCIceConnectionState.connected, _right.State);
    }

    [Fact]
    public void One_sides_candidates_are_enough()
    {
        // As with Chromium, whose candidates are names that we do not resolve.
        Introduce();
        _right.AddRemoteCandidate(Left, 100, RTCIceCandidateType.host, _now);
        Run(1_000_000);

        Assert.Equal(Right, _left.Selected!.Remote);
        Assert.Equal(RTCIceCandidateType.prflx, _left.Selected.RemoteType);
    }

    [Fact]
    public void Checks_that_come_before_the_description_are_not_lost()
    {
        _right.SetPeer(_left.Local.Ufrag, _left.Local.Password, _now);
        _right.AddRemoteCandidate(Left, 100, RTCIceCandidateType.host, _now);
        Run(300_000);
        Assert.Equal(RTCIceConnectionState.@new, _left.State);

        _left.SetPeer(_right.Local.Ufrag, _right.Local.Password, _now);
        Run(300_000);
        Assert.Equal(RTCIceConnectionState.connected, _left.State);
        Assert.Equal(RTCIceConnectionState.connected, _right.State);
    }

    [Fact]
    public void A_candidate_that_trickles_in_late_is_used()
    {
        Introduce();
        Run(3_000_000);
        Assert.Equal(RTCIceConnectionState.checking, _left.State);
        AddCandidates();
        Run(2_000_000);
        Assert.Equal(RTCIceConnectionState.connected, _left.State);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Two_sides_with_one_role_settle_it(bool controlling)
    {
        _left.SetRole(controlling);
        _right.SetRole(controlling);
        Introduce();
        AddCandidates();
        Run(2_000_000);

        Assert.NotEqual(_left.IsControlling, _right.IsControlling);
        Assert.NotNull(_left.Selected);
        Assert.NotNull(_right.Selected);
        Assert.True((_left.IsControlling ? _right : _left).Selected!.Nominated);
    }

    /// <summary>Who asked first makes no difference: the larger number controls (RFC 8445, 7.3.1.1).</summary>
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Of_two_with_one_role_the_larger_number_controls(bool controlling, bool isLarger)
    {
        _left.SetRole(controlling);
        Introduce();
        var question = Request(_right, _left, controlling, isLarger ? ulong.MaxValue : 0);
        _left.HandlePacket(question, Right, _now);
        var answer = NextAnswer(_left);

        // Ours is neither the least nor the largest number there is.
        Assert.Equal(!isLarger, _left.IsControlling);
        if (isLarger == controlling)
        {
            Assert.Equal(StunType.Success, answer.Type);
        }
        else
        {
            Assert.Equal((StunType.Error, 487), answer);
        }
    }

    [Fact]
    public void Who_is_told_of_a_conflict_takes_the_other_role_and_asks_again()
    {
        Introduce();
        _left.AddRemoteCandidate(Right, 1000, RTCIceCandidateType.host, _now);
        _left.HandleTimeout(_now);
        var question = NextRequest(_left);
        var answer = new byte[256];
        var writer = new StunWriter(answer, StunType.Error, question);
        writer.AddError(487, "Role Conflict"u8);
        _left.HandlePacket(answer.AsSpan(0, writer.Finish(_right.Local.Key)), Right, _now);

        Assert.False(_left.IsControlling);
        _now += 10_000;
        _left.HandleTimeout(_now);
        Assert.NotEqual(question, NextRequest(_left));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void An_answer_with_another_password_or_from_elsewhere_proves_nothing(bool wrongPassword, bool wrongAddress)
    {
        Introduce();
        _left.AddRemoteCandidate(Right, 1000, RTCIceCandidateType.host, _now);
        _left.HandleTimeout(_now);
        var answer = new byte[256];
        var writer = new StunWriter(answer, StunType.Success, NextRequest(_left));
        writer.AddMapped(Left);
        var length = writer.Finish(wrongPassword ? "not the password"u8 : _right.Local.Key);
        var before = _left.Refused;
        _left.HandlePacket(answer.AsSpan(0, length), wrongAddress ? NetAddress.FromIPv4(0x0A0000FF, 1) : Right, _now);

        Assert.Null(_left.Selected);
        Assert.Equal(before + 1, _left.Refused);
    }

    [Fact]
    public void To_be_asked_is_no_consent_only_an_answer_is()
    {
        Introduce();
        AddCandidates();
        Run(1_000_000);

        // What the other side sends still comes, but nothing of ours arrives there.
        _deaf.Add(Right);
        Run(20_000_000);
        Assert.Equal(RTCIceConnectionState.failed, _left.State);
    }

    [Fact]
    public void Who_is_asked_on_a_way_that_seemed_dead_tries_it_at_once()
    {
        Introduce();
        _left.AddRemoteCandidate(Right, 1000, RTCIceCandidateType.host, _now);
        _dead.Add(Right);
        Run(5_000_000);
        Assert.InRange(_left.NextTimeout - _now, 20_000, long.MaxValue);
        _left.HandlePacket(Request(_right, _left, controlling: false, 0), Right, _now);
        Assert.InRange(_left.NextTimeout - _now, 0, 5_000);
    }

    [Fact]
    public void While_only_one_side_has_restarted_questions_by_the_old_name_are_answered()
    {
        Introduce();
        AddCandidates();
        Run(1_000_000);
        var old = Request(_right, _left, controlling: false, 0);
        _left.Restart();
        _left.HandlePacket(old, Right, _now);

        Assert.Equal(StunType.Success, NextAnswer(_left).Type);
    }

    [Fact]
    public void The_better_of_two_ways_is_chosen_when_both_work()
    {
        var better = new NetAddress(0xFD00_0000_0000_0000, 2, 2000);
        _at[better] = _right;
        Introduce();
        _left.AddRemoteCandidate(Right, 1000, RTCIceCandidateType.host, _now);
        _left.AddRemoteCandidate(better, 2_000_000_000, RTCIceCandidateType.host, _now);
        Run(2_000_000);

        Assert.Equal(better, _left.Selected!.Remote);
    }

    [Fact]
    public void A_way_that_dies_is_left_for_one_that_works()
    {
        var other = NetAddress.FromIPv4(0x0A000003, 3000);
        _at[other] = _right;
        Introduce();
        _left.AddRemoteCandidate(other, 2_000_000_000, RTCIceCandidateType.host, _now);
        Run(1_000_000);
        Assert.Equal(other, _left.Selected!.Remote);

        _left.AddRemoteCandidate(Right, 1000, RTCIceCandidateType.host, _now);
        Run(1_000_000);
        _dead.Add(other);
        Run(7_000_000);

        Assert.Equal(Right, _left.Selected!.Remote);
        Assert.Equal(RTCIceConnectionState.connected, _left.State);
    }

    [Fact]
    public void Silence_disconnects_and_then_fails_and_a_restart_brings_it_back()
    {
        Introduce();
        AddCandidates();
        Run(1_000_000);
        _dead.Add(Left);
        _dead.Add(Right);
        Run(9_500_000);
        Assert.Equal(RTCIceConnectionState.disconnected, _left.State);
        Run(9_000_000);
        Assert.Equal(RTCIceConnectionState.failed, _left.State);
        Assert.Null(_left.Selected);

        _dead.Clear();
        _left.Restart();
        _right.Restart();
        Introduce();
        AddCandidates();
        Run(2_000_000);
        Assert.Equal(RTCIceConnectionState.connected, _left.State);
        Assert.Equal(RTCIceConnectionState.connected, _right.State);
    }

    [Fact]
    public void A_peer_that_comes_after_all_is_welcome()
    {
        _left.SetPeer(_right.Local.Ufrag, _right.Local.Password, _now);
        _left.AddRemoteCandidate(Right, 1000, RTCIceCandidateType.host, _now);
        _dead.Add(Right);
        Run(20_000_000);
        Assert.Equal(RTCIceConnectionState.failed, _left.State);

        _dead.Clear();
        _right.SetPeer(_left.Local.Ufrag, _left.Local.Password, _now);
        _right.AddRemoteCandidate(Left, 1000, RTCIceCandidateType.host, _now);
        Run(2_000_000);
        Assert.Equal(RTCIceConnectionState.connected, _left.State);
        Assert.Equal(RTCIceConnectionState.connected, _right.State);
    }

    [Fact]
    public void A_silence_that_ends_in_time_reconnects()
    {
        Introduce();
        AddCandidates();
        Run(1_000_000);
        _dead.Add(Right);
        Run(10_000_000);
        Assert.Equal(RTCIceConnectionState.disconnected, _left.State);
        _dead.Clear();
        Run(3_000_000);
        Assert.Equal(RTCIceConnectionState.connected, _left.State);
    }

    [Fact]
    public void A_restart_keeps_the_old_way_until_the_new_one_works()
    {
        Introduce();
        AddCandidates();
        Run(1_000_000);
        _left.Restart();
        _right.Restart();
        _right.SetPeer(_left.Local.Ufrag, _left.Local.Password, _now);
        Assert.NotNull(_right.Selected);
        Assert.NotNull(_left.Selected);
        Run(500_000);
        _left.SetPeer(_right.Local.Ufrag, _right.Local.Password, _now);
        AddCandidates();
        Run(3_000_000);

        Assert.Equal(_left.Local, _left.Selected!.Local);
        Assert.Equal(_right.Local, _right.Selected!.Local);
        Assert.Equal(RTCIceConnectionState.connected, _left.State);
    }

    [Fact]
    public void A_server_tells_how_we_look_from_outside()
    {
        var server = NetAddress.FromIPv4(0x01010101, 3478);
        var outside = NetAddress.FromIPv4(0x05060708, 4321);
        _left.AddServer(server, _now);
        _left.HandleTimeout(_now);
        var request = new byte[256];
        var length = _left.PollPacket(request, out var to);
        Assert.Equal(server, to);
        Assert.True(StunMessage.TryRead(request.AsSpan(0, length), out var message));

        var answer = new byte[256];
        var writer = new StunWriter(answer, StunType.Success, message.Transaction);
        writer.AddMapped(outside);
        length = writer.Finish([]);
        _left.HandlePacket(answer.AsSpan(0, length), server, _now);
        _left.HandleTimeout(_now);

        Assert.True(_left.TryPollEvent(out var happened));
        Assert.Equal((IceEventKind.Reflexive, outside), (happened.Kind, happened.Address));
        Assert.True(_left.TryPollEvent(out happened));
        Assert.Equal(IceEventKind.GatheringDone, happened.Kind);
    }

    /// <summary>A check as the one agent would send it to the other.</summary>
    private static byte[] Request(IceAgent from, IceAgent to, bool controlling, ulong number)
    {
        var packet = new byte[256];
        var writer = new StunWriter(packet, StunType.Request, new StunTransaction(7, 7));
        writer.Add(StunAttribute.Username, Encoding.ASCII.GetBytes($"{to.Local.Ufrag}:{from.Local.Ufrag}"));
        writer.Add(StunAttribute.Priority, 1u);
        writer.Add(controlling ? StunAttribute.IceControlling : StunAttribute.IceControlled, number);
        return packet[..writer.Finish(to.Local.Key)];
    }

    private static (ushort Type, int Error) NextAnswer(IceAgent agent)
    {
        var packet = new byte[700];
        for (int length; (length = agent.PollPacket(packet, out _)) > 0;)
        {
            Assert.True(StunMessage.TryRead(packet.AsSpan(0, length), out var message));
            if (message.Type != StunType.Request)
            {
                return (message.Type, message.Error);
            }
        }

        throw new InvalidOperationException("no answer");
    }

    private static StunTransaction NextRequest(IceAgent agent)
    {
        var packet = new byte[700];
        var length = agent.PollPacket(packet, out _);
        Assert.True(StunMessage.TryRead(packet.AsSpan(0, length), out var message));
        Assert.Equal(StunType.Request, message.Type);
        return message.Transaction;
    }

    private void Introduce()
    {
        _left.SetPeer(_right.Local.Ufrag, _right.Local.Password, _now);
        _right.SetPeer(_left.Local.Ufrag, _left.Local.Password, _now);
    }

    private void AddCandidates()
    {
        _left.AddRemoteCandidate(Right, 1000, RTCIceCandidateType.host, _now);
        _right.AddRemoteCandidate(Left, 1000, RTCIceCandidateType.host, _now);
    }

    private void Run(long time)
    {
        for (var end = _now + time; _now < end; _now += 1000)
        {
            Step(_left, Left);
            Step(_right, Right);
            while (_network.TryDequeue(out var next))
            {
                if (_at.TryGetValue(next.To, out var agent) && !_dead.Contains(next.To) &&
                    !_dead.Contains(next.From) && !_deaf.Contains(next.To))
                {
                    // An answer comes from where the question went.
                    agent.HandlePacket(next.Packet, next.From, _now);
                    Drain(agent, next.To);
                }
            }
        }
    }

    private void Step(IceAgent agent, NetAddress from)
    {
        if (agent.NextTimeout <= _now)
        {
            agent.HandleTimeout(_now);
        }

        Drain(agent, from);
    }

    private void Drain(IceAgent agent, NetAddress from)
    {
        var buffer = new byte[700];
        for (int length; (length = agent.PollPacket(buffer, out var to)) > 0;)
        {
            _network.Enqueue((buffer.AsSpan(0, length).ToArray(), from, to));
        }

        while (agent.TryPollEvent(out _))
        {
        }
    }
}
