namespace Ball.World;

/// <summary>Reflection at the walls: a triangle wave on each axis.</summary>
/// <remarks>After a year of running, rounding is still below a millionth of a pixel.</remarks>
internal sealed class ReflectedPath(WorldOptions options, Motion first) : BallPath
{
    private readonly Wave _x = new(options.RangeX, first.X, options.Speed * Math.Cos(first.Angle));
    private readonly Wave _y = new(options.RangeY, first.Y, options.Speed * Math.Sin(first.Angle));

    private readonly double _cos = Math.Cos(first.Angle);
    private readonly double _sin = Math.Sin(first.Angle);

    public override BallPosition At(long nanoseconds)
    {
        nanoseconds = Math.Max(0, nanoseconds);
        return new BallPosition(_x.At(nanoseconds).Position, _y.At(nanoseconds).Position);
    }

    internal override Motion MotionAt(long nanoseconds)
    {
        nanoseconds = Math.Max(0, nanoseconds);
        var (x, alongX) = _x.At(nanoseconds);
        var (y, alongY) = _y.At(nanoseconds);
        return new Motion(x, y, Math.Atan2(alongY ? _sin : -_sin, alongX ? _cos : -_cos));
    }

    private readonly struct Wave((double Low, double High) range, double start, double velocity)
    {
        private readonly double _low = range.Low;
        private readonly double _length = range.High - range.Low;
        private readonly double _start = start - range.Low;

        /// <summary>The place, and whether the ball goes there as it went at first or comes back.</summary>
        public (double Position, bool Along) At(long nanoseconds)
        {
            // Whole seconds and the rest are folded one by one: their product with the velocity stays small and so exact.
            var (seconds, rest) = Math.DivRem(nanoseconds, 1_000_000_000);
            var round = 2 * _length;
            var far = velocity * seconds;
            var lostInRounding = Math.FusedMultiplyAdd(velocity, seconds, -far);
            var way = _start + Math.IEEERemainder(far, round) + lostInRounding + velocity * (rest * 1e-9);
            way -= Math.Floor(way / round) * round;
            var outward = way <= _length;
            var position = _low + Math.Clamp(outward ? way : round - way, 0, _length);
            return (position, outward);
        }
    }
}
