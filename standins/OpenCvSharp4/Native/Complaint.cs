using System.Runtime.CompilerServices;

namespace OpenCvSharp;

/// <summary>
/// What a check says when it fails. Only then are its words put together, so that a check that holds allocates nothing.
/// </summary>
[InterpolatedStringHandler]
internal ref struct Complaint
{
    private DefaultInterpolatedStringHandler _words;

    public Complaint(int literalLength, int formattedCount, bool holds, out bool isNeeded)
    {
        isNeeded = !holds;
        if (isNeeded)
            _words = new DefaultInterpolatedStringHandler(literalLength, formattedCount);
    }

    public void AppendLiteral(string text) => _words.AppendLiteral(text);

    public void AppendFormatted<T>(T value) => _words.AppendFormatted(value);

    public string Text => _words.ToStringAndClear();
}
