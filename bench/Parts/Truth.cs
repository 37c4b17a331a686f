using Ball.World;
using BenchmarkDotNet.Attributes;

namespace Ball.Bench.Parts;

/// <summary>Asking where the ball is, as the scorer does: along with time, and for a moment ago.</summary>
public class Truth
{
    private const long Period = 1_000_000_000 / 60;

    private BallPath? _path;
    private long _frame;

    [Params(BounceMode.Fixed, BounceMode.Random)]
    public BounceMode Bounce { get; set; }

    [GlobalSetup]
    public void Setup() => _path = BallPath.Create(new WorldOptions { Bounce = Bounce });

    [Benchmark]
    public double NowAndAMomentAgo()
    {
        _frame++;
        return _path!.At(_frame * Period).X + _path.At(Math.Max(0, _frame - 6) * Period).X;
    }
}
