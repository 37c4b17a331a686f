using Ball.World;

namespace Ball.Vision.Tests;

/// <summary>How far from the truth a finder was, over a scene.</summary>
internal sealed class Score
{
    private readonly List<double> _errors = [];
    private double _radius;
    private double _confidence;

    public int Missed { get; private set; }

    public double Mean => _errors.Count == 0 ? double.NaN : _errors.Average();

    public double P95 => _errors.Count == 0 ? double.NaN : _errors.Order().ElementAt(_errors.Count * 95 / 100);

    public double Max => _errors.Count == 0 ? double.NaN : _errors.Max();

    public double MeanRadiusError => _radius / _errors.Count;

    public double MeanConfidence => _confidence / _errors.Count;

    public void Add(Sighting sighting, BallPosition truth, double trueRadius)
    {
        if (!sighting.IsBall)
        {
            Missed++;
            return;
        }
        _errors.Add(Math.Sqrt(Math.Pow(sighting.X - truth.X, 2) + Math.Pow(sighting.Y - truth.Y, 2)));
        _radius += Math.Abs(sighting.Radius - trueRadius);
        _confidence += sighting.Confidence;
    }
}
