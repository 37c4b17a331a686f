using System.Globalization;

namespace Cluster;

/// <summary>What was found good and what was not, a line each.</summary>
internal sealed class Checks
{
    public int Passed { get; private set; }

    public int Failed { get; private set; }

    public static void Say(FormattableString line) => Console.WriteLine($"       {line.ToString(CultureInfo.InvariantCulture)}");

    public void That(bool isGood, FormattableString line)
    {
        if (isGood)
            Passed++;
        else
            Failed++;
        Console.WriteLine($"{(isGood ? "ok    " : "FAILED")} {line.ToString(CultureInfo.InvariantCulture)}");
    }
}
