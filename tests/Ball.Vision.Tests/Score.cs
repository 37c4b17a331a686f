using Ball.World;

namespace Ball.Vision.Tests;

/// <summary>How far from the truth a finder was, over a scene.</summary>
internal sealed class Score
{
    private readonly List<double> errors = [];
    private double radius;
    private double confidence;

    public int Missed { get; private set; }

    public double Mean => errors.Count == 0 ? double.NaN : errors.Average();

    public double P95 => errors.Count == 0 ? double.NaN : errors.Order().ElementAt(errors.Count * 95 / 100);

    public double Max => errors.Count == 0 ? double.NaN : errors.Max();

    public double MeanRadiusError => radius / errors.Count;

    public double MeanConfidence => confidence / errors.Count;

    public void Add(Sighting sighting, BallPosition truth, double trueRadius)
    {
        if (!sighting.IsBall)
        {
            Missed++;
            return;
        }
        errors.Add(Math.Sqrt(Math.Pow(sighting.X - truth.X, 2) + Math.Pow(sighting.Y - truth.Y, 2)));
        radius += Math.Abs(sighting.Radius - trueRadius);
        confidence += sighting.Confidence;
    }
}
