namespace QuicBench;

/// <param name="IsGood">Whether all sessions lived, nothing went wrong, and no memory grew.</param>
/// <param name="Table">What was seen, as a table.</param>
internal sealed record SoakResult(bool IsGood, string Table);
