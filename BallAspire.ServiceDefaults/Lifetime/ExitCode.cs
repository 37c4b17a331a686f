namespace BallAspire.ServiceDefaults;

/// <summary>How every program of the project ends.</summary>
public static class ExitCode
{
    public const int DataFlowed = 0;
    public const int NoData = 1;
    public const int BadSetUp = 2;
}
