using System.Text;

namespace BallAspire.ServiceDefaults;

/// <summary>
/// Lines for people that are lost where they cannot be written, on a full disk or a terminal that is gone: what a program does
/// matters more than what it says of it. .NET itself sees closed pipes so.
/// </summary>
public sealed class ForgivingOutput : TextWriter
{
    private readonly TextWriter _to;

    private ForgivingOutput(TextWriter to) : base(to.FormatProvider) => _to = to;

    public override Encoding Encoding => _to.Encoding;

    /// <summary>Makes the program's standard output and error such.</summary>
    public static void Install()
    {
        Console.SetOut(new ForgivingOutput(Console.Out));
        Console.SetError(new ForgivingOutput(Console.Error));
    }

    public override void Write(char value) => Try(to => to.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(to => to.Write(buffer, index, count));

    public override void Write(string? value) => Try(to => to.Write(value));

    public override void WriteLine(string? value) => Try(to => to.WriteLine(value));

    public override void Flush() => Try(to => to.Flush());

    private void Try(Action<TextWriter> write)
    {
        try
        {
            write(_to);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // There is nobody left to tell.
        }
    }
}
