namespace BallDetector;

/// <summary>How the process ends; the same for every program of the project.</summary>
internal static class ExitCode
{
    public const int DataFlowed = 0;
    public const int NoData = 1;
    public const int BadSetUp = 2;
}
