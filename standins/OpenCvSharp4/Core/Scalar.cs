namespace OpenCvSharp;

/// <summary>Up to four channel values: a colour in the order of the picture's channels, usually blue, green, red.</summary>
public record struct Scalar(double Val0, double Val1, double Val2, double Val3)
{
    public static readonly Scalar
        Black = FromRgb(0, 0, 0), White = FromRgb(255, 255, 255), Gray = FromRgb(128, 128, 128),
        Red = FromRgb(255, 0, 0), Lime = FromRgb(0, 255, 0), Green = FromRgb(0, 128, 0), Blue = FromRgb(0, 0, 255),
        Yellow = FromRgb(255, 255, 0), Cyan = FromRgb(0, 255, 255), Magenta = FromRgb(255, 0, 255),
        Orange = FromRgb(255, 165, 0);

    public Scalar(double val0) : this(val0, 0, 0, 0)
    {
    }

    public Scalar(double val0, double val1) : this(val0, val1, 0, 0)
    {
    }

    public Scalar(double val0, double val1, double val2) : this(val0, val1, val2, 0)
    {
    }

    public double Val0 = Val0;
    public double Val1 = Val1;
    public double Val2 = Val2;
    public double Val3 = Val3;

    public double this[int i]
    {
        readonly get => i switch
        {
            0 => Val0,
            1 => Val1,
            2 => Val2,
            3 => Val3,
            _ => throw new ArgumentOutOfRangeException(nameof(i)),
        };
        set
        {
            switch (i)
            {
                case 0: Val0 = value; break;
                case 1: Val1 = value; break;
                case 2: Val2 = value; break;
                case 3: Val3 = value; break;
                default: throw new ArgumentOutOfRangeException(nameof(i));
            }
        }
    }

    public static Scalar FromRgb(int r, int g, int b) => new(b, g, r);

    public static Scalar All(double v) => new(v, v, v, v);

    public readonly double ToDouble() => Val0;

    public static explicit operator double(Scalar self) => self.Val0;

    public static explicit operator Scalar(double val) => new(val);
}
