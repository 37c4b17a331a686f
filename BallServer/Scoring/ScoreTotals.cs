using Ball.Measuring;

namespace BallServer.Scoring;

/// <summary>The scores of one peer, or of all of them, added up.</summary>
internal sealed class ScoreTotals
{
    static readonly int s_stageCount = Enum.GetValues<LoopStage>().Length;

    readonly LatencyHistogram[] _stages = [.. Enumerable.Range(0, s_stageCount).Select(_ => new LatencyHistogram())];

    public long Matched { get; internal set; }

    public long Plain { get; internal set; }

    public long Unmatched { get; internal set; }

    public long Duplicates { get; internal set; }

    /// <summary>How many were scored.</summary>
    public long Samples => Matched + Plain;

    /// <summary>Same frame, summed up.</summary>
    public double FrameL1 { get; internal set; }

    public double FrameL2 { get; internal set; }

    /// <summary>The k-th message against the k-th frame, summed up.</summary>
    public double InOrderL1 { get; internal set; }

    public double InOrderL2 { get; internal set; }

    /// <summary>The longest time between two scored messages of one peer, in nanoseconds.</summary>
    public long LongestGap { get; internal set; }

    /// <summary>In nanoseconds.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>Same frame, straight, in units of <see cref="ErrorFigures.PerPixel"/>.</summary>
    public LatencyHistogram Error { get; } = new();

    /// <summary>Real time, straight, in units of <see cref="ErrorFigures.PerPixel"/>.</summary>
    public LatencyHistogram RealtimeError { get; } = new();

    /// <summary>In nanoseconds.</summary>
    public LatencyHistogram Stage(LoopStage stage) => _stages[(int)stage];

    /// <summary>Adds another peer's.</summary>
    public void Add(ScoreTotals other)
    {
        Matched += other.Matched;
        Plain += other.Plain;
        Unmatched += other.Unmatched;
        Duplicates += other.Duplicates;
        FrameL1 += other.FrameL1;
        FrameL2 += other.FrameL2;
        InOrderL1 += other.InOrderL1;
        InOrderL2 += other.InOrderL2;
        LongestGap = Math.Max(LongestGap, other.LongestGap);
        Latency.Add(other.Latency);
        Error.Add(other.Error);
        RealtimeError.Add(other.RealtimeError);
        for (int i = 0; i < s_stageCount; i++)
            _stages[i].Add(other._stages[i]);
    }

    /// <summary>Fills in what scoring knows of a run.</summary>
    public RunSummary Describe(RunSummary summary) => summary with
    {
        Samples = Samples,
        Unmatched = Unmatched,
        Duplicates = Duplicates,
        Plain = Plain,
        LongestGap = LongestGap > 0 ? Math.Round(LongestGap / 1e6, 2) : null,
        Latency = Percentiles.Of(Latency),
        StageLatency = Enum.GetValues<LoopStage>()
            .Where(stage => Stage(stage).Count > 0)
            .ToDictionary(stage => stage.ToString().ToLowerInvariant(), stage => Percentiles.Of(Stage(stage))!),
        Error = ErrorFigures.Of(Error),
        RealtimeError = ErrorFigures.Of(RealtimeError),
        L1Total = Math.Round(InOrderL1, 3),
        L2Total = Math.Round(InOrderL2, 3),
    };
}
