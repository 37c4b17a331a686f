namespace Ball.CommandLine;

/// <summary>A program's options, or why there are none: somebody asked for help, or made a mistake.</summary>
/// <param name="Options">The options; null when the program has to end at once.</param>
/// <param name="Text">What to tell the person then.</param>
/// <param name="ExitCode">What to end with then: 0 for help, 2 for a mistake.</param>
public sealed record Parsed<T>(T? Options, string Text, int ExitCode) where T : class
{
    /// <summary>The exit code for bad usage.</summary>
    public const int BadUsage = 2;

    /// <summary>Tells the person, on the right stream.</summary>
    /// <returns>The exit code.</returns>
    public int Tell(TextWriter output, TextWriter error)
    {
        if (Text.Length > 0)
            (ExitCode == 0 ? output : error).WriteLine(Text);
        return ExitCode;
    }
}
