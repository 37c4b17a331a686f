namespace Ball.World;

/// <summary>
/// A new direction at each wall, drawn from the seed and the number of the bounce. Between two walls the way is straight, so
/// the path is a list of legs, each of which follows from the one before.
/// </summary>
/// <remarks>
/// Bounded memory: the legs that were needed last, and at most <see cref="MaxMarks"/> legs as marks to walk on from. When
/// they are all taken, every second one is dropped and from then on marks lie twice as far apart. A query costs a walk from the
/// nearest leg known before it: none or one leg for somebody who goes along with time or asks for a moment ago, for the distant
/// past (legs so far / marks) legs. Legs are computed from legs alone, so the answer does not depend on which are kept.
/// </remarks>
internal sealed class RandomPath : BallPath
{
    internal const int MaxMarks = 1024;

    private const int MaxRecent = 16;

    /// <summary>A ball leaves a wall no nearer than 15 degrees to it.</summary>
    private const double WidestAngle = Math.PI / 2 - Math.PI / 12;

    private readonly WorldOptions _options;
    private readonly (double Low, double High) _rangeX;
    private readonly (double Low, double High) _rangeY;
    private readonly Lock _walking = new();
    private readonly List<Leg> _marks = new(MaxMarks);
    private readonly Leg[] _recent = new Leg[MaxRecent];
    private long _spacing = 1;
    private Leg _latest;

    public RandomPath(WorldOptions options, Motion first)
    {
        _options = options;
        _rangeX = options.RangeX;
        _rangeY = options.RangeY;
        _latest = LegFrom(0, 0, first);
        _marks.Add(_latest);
        Array.Fill(_recent, _latest);
    }

    internal int MarkCount => _marks.Count;

    internal override Motion MotionAt(long nanoseconds)
    {
        var seconds = Math.Max(0, nanoseconds) * 1e-9;
        var leg = Volatile.Read(ref _latest);
        return (leg.Covers(seconds) ? leg : Find(seconds)).At(seconds, _rangeX, _rangeY);
    }

    private Leg Find(double seconds)
    {
        lock (_walking)
        {
            var leg = KnownBefore(seconds);
            while (!leg.Covers(seconds))
            {
                leg = Next(leg);
                _recent[leg.Number % MaxRecent] = leg;
                Mark(leg);
            }
            Volatile.Write(ref _latest, leg);
            return leg;
        }
    }

    private Leg KnownBefore(double seconds)
    {
        var best = MarkBefore(seconds);
        foreach (var leg in _recent)
        {
            if (leg.Begin <= seconds && leg.Number > best.Number)
                best = leg;
        }
        return best;
    }

    private Leg MarkBefore(double seconds)
    {
        int low = 0, high = _marks.Count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_marks[middle].Begin <= seconds)
                low = middle;
            else
                high = middle - 1;
        }
        return _marks[low];
    }

    private void Mark(Leg leg)
    {
        if (leg.Number != _marks[^1].Number + _spacing)
            return;
        if (_marks.Count == MaxMarks)
        {
            for (var i = 1; i < MaxMarks / 2; i++)
                _marks[i] = _marks[i * 2];
            _marks.RemoveRange(MaxMarks / 2, MaxMarks / 2);
            _spacing *= 2;
            if (leg.Number != _marks[^1].Number + _spacing)
                return;
        }
        _marks.Add(leg);
    }

    private Leg Next(Leg leg) =>
        LegFrom(leg.Number + 1, leg.End, leg.To with { Angle = Bounce(leg.To, leg.Number + 1) });

    /// <summary>Away from the wall, or out of the corner, the ball is at.</summary>
    private double Bounce(Motion at, long number)
    {
        const double touching = 1e-6;
        double inwardX = 0, inwardY = 0;
        if (at.X <= _rangeX.Low + touching)
            inwardX = 1;
        else if (at.X >= _rangeX.High - touching)
            inwardX = -1;
        if (at.Y <= _rangeY.Low + touching)
            inwardY = 1;
        else if (at.Y >= _rangeY.High - touching)
            inwardY = -1;
        var widest = inwardX != 0 && inwardY != 0 ? Math.PI / 6 : WidestAngle;
        var draw = SeededRandom.At(_options.Seed, (ulong)number + 16) * 2 - 1;
        return Math.Atan2(inwardY, inwardX) + draw * widest;
    }

    private Leg LegFrom(long number, double begin, Motion motion)
    {
        var velocityX = _options.Speed * Math.Cos(motion.Angle);
        var velocityY = _options.Speed * Math.Sin(motion.Angle);
        var timeX = TimeToWall(motion.X, velocityX, _rangeX);
        var timeY = TimeToWall(motion.Y, velocityY, _rangeY);
        var duration = Math.Min(timeX, timeY);
        var to = motion;
        if (duration < double.PositiveInfinity)
        {
            // Exactly on the wall that ends the leg: rounding never lets the ball miss it.
            to = motion with
            {
                X = timeX <= timeY ? velocityX > 0 ? _rangeX.High : _rangeX.Low : motion.X + velocityX * duration,
                Y = timeY <= timeX ? velocityY > 0 ? _rangeY.High : _rangeY.Low : motion.Y + velocityY * duration,
            };
        }
        return new Leg(number, begin, begin + duration, motion, to, velocityX, velocityY);
    }

    private static double TimeToWall(double from, double velocity, (double Low, double High) range) => velocity switch
    {
        > 0 => Math.Max(0, range.High - from) / velocity,
        < 0 => Math.Max(0, from - range.Low) / -velocity,
        _ => double.PositiveInfinity,
    };

    private sealed record Leg(
        long Number, double Begin, double End, Motion From, Motion To, double VelocityX, double VelocityY)
    {
        public bool Covers(double seconds) => seconds >= Begin && seconds < End;

        public Motion At(double seconds, (double Low, double High) rangeX, (double Low, double High) rangeY) => From with
        {
            X = Math.Clamp(From.X + VelocityX * (seconds - Begin), rangeX.Low, rangeX.High),
            Y = Math.Clamp(From.Y + VelocityY * (seconds - Begin), rangeY.Low, rangeY.High),
        };
    }
}
