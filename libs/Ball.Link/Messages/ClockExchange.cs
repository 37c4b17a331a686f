namespace Ball.Link.Messages;

/// <summary>
/// One end's part in comparing clocks: asks a few times in quick succession, then once a second, believes only answers to its
/// own questions, and answers the peer's.
/// </summary>
/// <remarks>
/// Owns no timer and no channel: what it wants to say comes back from its methods. Not thread-safe, but for <see cref="Offset"/>.
/// </remarks>
public sealed class ClockExchange
{
    /// <summary>How long from one question to the next at first.</summary>
    public const long FirstPause = 50_000_000;

    /// <summary>How long when the clocks are known.</summary>
    public const long Pause = 1_000_000_000;

    /// <summary>How many questions go out quickly.</summary>
    public const int QuickQuestions = 8;

    const int MaxOpen = 8;

    readonly long[] _asked = new long[MaxOpen];
    readonly uint[] _ids = new uint[MaxOpen];
    uint _lastId;
    long _nextAt = long.MinValue;
    bool _asking;

    /// <summary>What came of it.</summary>
    public ClockOffset Offset { get; } = new();

    /// <summary>The peer said hello: from now on it may be asked.</summary>
    public void PeerKnowsClocks() => _asking = true;

    /// <summary>The question that is due now, if one is.</summary>
    public string? Due(long now)
    {
        if (!_asking || now < _nextAt)
            return null;
        uint id = ++_lastId;
        _nextAt = now + (id < QuickQuestions ? FirstPause : Pause);
        _ids[id % MaxOpen] = id;
        _asked[id % MaxOpen] = now;
        return ClockMessages.Ask(id, now);
    }

    /// <summary>The answer to a peer's question.</summary>
    /// <param name="question">What the peer sent.</param>
    /// <param name="heard">When it arrived, in our clock.</param>
    /// <param name="now">When the answer leaves.</param>
    public static string Answer(in ClockStamps question, long heard, long now) =>
        ClockMessages.Answer(question with { Heard = heard, Answered = now });

    /// <summary>Takes a peer's answer. False: nobody asked that, or its times are impossible.</summary>
    public bool Take(in ClockStamps answer, long received)
    {
        uint slot = answer.Id % MaxOpen;
        if (answer.Id == 0 || _ids[slot] != answer.Id || _asked[slot] != answer.Asked)
            return false;
        _ids[slot] = 0;
        return Offset.Add(answer.Asked, answer.Heard, answer.Answered, received);
    }
}
