namespace Ball.Pictures;

/// <summary>One pixel from RGB to YCbCr and back: BT.601, limited range, rounded as OpenCV rounds.</summary>
public static class Bt601
{
    private const int Shift = 20;
    private const int Half = 1 << Shift - 1;

    public static byte Y(byte b, byte g, byte r) =>
        (byte)(269_484 * r + 528_482 * g + 102_760 * b + (16 << Shift) + Half >> Shift);

    public static byte U(byte b, byte g, byte r) =>
        (byte)(-155_188 * r - 305_135 * g + 460_324 * b + (128 << Shift) + Half >> Shift);

    public static byte V(byte b, byte g, byte r) =>
        (byte)(460_324 * r - 385_875 * g - 74_448 * b + (128 << Shift) + Half >> Shift);

    public static (byte B, byte G, byte R) Bgr(byte y, byte u, byte v)
    {
        var luma = Math.Max(0, y - 16) * 1_220_542 + Half;
        int cb = u - 128, cr = v - 128;
        return (Clamp(luma + 2_116_026 * cb), Clamp(luma - 409_993 * cb - 852_492 * cr), Clamp(luma + 1_673_527 * cr));
    }

    /// <summary>The brightness of a colour, full range.</summary>
    public static byte Gray(byte b, byte g, byte r) => (byte)(3_735 * b + 19_235 * g + 9_798 * r + (1 << 14) >> 15);

    /// <summary>Limited-range luma stretched to full range.</summary>
    public static byte GrayFromY(byte y) => (byte)Math.Clamp(((y - 16) * 510 + 219) / 438, 0, 255);

    /// <summary>Full-range brightness as limited-range luma.</summary>
    public static byte YFromGray(byte gray) => (byte)(16 + (gray * 438 + 255) / 510);

    private static byte Clamp(int value) => (byte)Math.Clamp(value >> Shift, 0, 255);
}
