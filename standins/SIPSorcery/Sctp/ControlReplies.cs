namespace SIPSorcery.Net.Sctp;

/// <summary>
/// Answers that wait for the next packet: rare ones, each with the tag it must go out under. Bounded; what is too much is
/// dropped.
/// </summary>
internal sealed class ControlReplies
{
    private const int Limit = 8;
    private readonly Queue<Reply> _waiting = new();

    public int Count => _waiting.Count;

    public void Add(uint tag, byte type, byte flags, byte[] body, bool alone)
    {
        if (_waiting.Count < Limit)
            _waiting.Enqueue(new Reply(tag, type, flags, body, alone));
    }

    public bool TryPeek(out Reply reply) => _waiting.TryPeek(out reply);

    public void Remove() => _waiting.Dequeue();

    public void Clear() => _waiting.Clear();

    /// <param name="Alone">Must not share a packet with other chunks.</param>
    public readonly record struct Reply(uint Tag, byte Type, byte Flags, byte[] Body, bool Alone);
}
