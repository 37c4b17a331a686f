namespace Ball.World;

/// <summary>Mixes the background's and the ball's value of one channel by how much of a pixel the ball covers.</summary>
internal readonly struct Ink(byte background, byte ball)
{
    private readonly float _base = background + 0.5f;
    private readonly float _range = ball - background;

    public byte Mix(float covered) => (byte)(_base + _range * covered);

    public void Draw(Span<byte> line, DiscRow row)
    {
        var values = row.Values;
        for (var i = row.From; i < row.SolidFrom; i++)
            line[i] = Mix(values[i]);
        line[row.SolidFrom..row.SolidTo].Fill(ball);
        for (var i = row.SolidTo; i < row.To; i++)
            line[i] = Mix(values[i]);
    }

    /// <summary>Draws a line of half width: each value stands for two pixels of the upper row and two of the lower.</summary>
    public void DrawHalved(Span<byte> line, DiscRow upper, DiscRow lower)
    {
        var to = (Math.Max(upper.To, lower.To) + 1) / 2;
        var solidFrom = (Math.Max(upper.SolidFrom, lower.SolidFrom) + 1) / 2;
        var solidTo = Math.Min(upper.SolidTo, lower.SolidTo) / 2;
        if (solidTo <= solidFrom)
            solidFrom = solidTo = to;
        MixHalved(line, upper.Values, lower.Values, Math.Min(upper.From, lower.From) / 2, solidFrom);
        line[solidFrom..solidTo].Fill(ball);
        MixHalved(line, upper.Values, lower.Values, solidTo, to);
    }

    private void MixHalved(Span<byte> line, float[] upper, float[] lower, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            var (left, right) = (i * 2, i * 2 + 1);
            line[i] = Mix((upper[left] + upper[right] + lower[left] + lower[right]) / 4);
        }
    }
}
