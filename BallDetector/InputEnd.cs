using BallAspire.ServiceDefaults;

namespace BallDetector;

/// <summary>
/// The end of standard input, as the sign that who started us is gone: a pipe's other end closes however its owner dies.
/// </summary>
internal static class InputEnd
{
    public static void Watch(Ending ending) =>
        new Thread(() => Wait(ending)) { Name = "input", IsBackground = true }.Start();

    private static void Wait(Ending ending)
    {
        try
        {
            using var input = Console.OpenStandardInput();
            Span<byte> ignored = stackalloc byte[64];
            while (input.Read(ignored) > 0)
            {
                // Whatever is said, nobody asked for it.
            }
            ending.End();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // An input that cannot be read ends nothing, and a process that has ended needs no end.
        }
    }
}
