namespace SIPSorcery.Net;

/// <summary>Something that wants to be called at a time.</summary>
internal interface ITimed
{
    /// <summary>Does what is due; returns when it wants to be called next, <see cref="long.MaxValue"/> for never.</summary>
    long RunDue(long now);
}
