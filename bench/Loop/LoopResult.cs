namespace Loop;

/// <summary>What one pair of programs did in one run.</summary>
/// <param name="Fps">Pictures that the client got, a second.</param>
/// <param name="ServerCpu">
/// Processor milliseconds for each of them, of the server with all its children, after the warm-up.
/// </param>
internal sealed record LoopResult(
    double Fps, double LatencyP50, double LatencyP95, double ErrorMean, double ServerCpu, double ClientCpu, double Scored);
