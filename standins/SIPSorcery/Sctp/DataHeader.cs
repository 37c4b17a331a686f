namespace SIPSorcery.Net.Sctp;

/// <summary>What a DATA chunk says about its payload.</summary>
internal readonly record struct DataHeader(byte Flags, ushort Stream, ushort Sequence, uint Ppid)
{
    public bool IsBegin => (Flags & DataFlags.Begin) != 0;

    public bool IsEnd => (Flags & DataFlags.End) != 0;

    public bool IsUnordered => (Flags & DataFlags.Unordered) != 0;

    /// <summary>Whether the fragment on the next TSN belongs to the same message as this one.</summary>
    public bool Continues(in DataHeader next) =>
        next.Stream == Stream && next.IsUnordered == IsUnordered && (IsUnordered || next.Sequence == Sequence) && !next.IsBegin;
}
