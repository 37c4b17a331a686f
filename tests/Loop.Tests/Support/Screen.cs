using System.Diagnostics;
using System.Text;
using OpenCvSharp.Tests;

namespace Loop.Tests.Support;

/// <summary>An X server without a screen, and pictures of what would be on it.</summary>
internal sealed class Screen
{
    private readonly Xvfb _server = Xvfb.Start();

    /// <summary>What programs are told, <c>:99</c>.</summary>
    public string Display { get; } = Environment.GetEnvironmentVariable("DISPLAY")!;

    /// <summary>Does what a click on a window's cross does.</summary>
    public void Close(string title) => _server.Close(title);

    /// <summary>What is on the screen now.</summary>
    public Shot Take()
    {
        var start = new ProcessStartInfo("import", ["-silent", "-display", Display, "-window", "root", "-depth", "8", "ppm:-"])
        {
            RedirectStandardOutput = true,
        };
        using var import = Process.Start(start)!;
        using var bytes = new MemoryStream();
        import.StandardOutput.BaseStream.CopyTo(bytes);
        import.WaitForExit();
        return Shot.Read(bytes.ToArray());
    }

    /// <summary>A picture of the screen.</summary>
    internal sealed record Shot(int Width, int Height, byte[] Rgb)
    {
        /// <summary>What lies within these edges, the right and lower ones excluded.</summary>
        public Shot Part(int left, int top, int right, int bottom)
        {
            var rows = Enumerable.Range(top, bottom - top)
                .SelectMany(row => Rgb[(3 * (row * Width + left))..(3 * (row * Width + right))]);
            return new Shot(right - left, bottom - top, [.. rows]);
        }

        /// <summary>How many pixels are of a kind, and where their middle is.</summary>
        public (int Count, double X, double Y) Find(Func<byte, byte, byte, bool> isWanted)
        {
            var (count, x, y) = (0, 0.0, 0.0);
            for (var n = 0; n < Width * Height; n++)
            {
                if (!isWanted(Rgb[3 * n], Rgb[3 * n + 1], Rgb[3 * n + 2]))
                    continue;
                count++;
                x += n % Width;
                y += n / Width;
            }
            return count == 0 ? default : (count, x / count, y / count);
        }

        /// <summary>The smallest rectangle that holds all pixels of a kind.</summary>
        public (int Left, int Top, int Right, int Bottom) Bounds(Func<byte, byte, byte, bool> isWanted)
        {
            var (left, top, right, bottom) = (Width, Height, -1, -1);
            for (var n = 0; n < Width * Height; n++)
            {
                if (!isWanted(Rgb[3 * n], Rgb[3 * n + 1], Rgb[3 * n + 2]))
                    continue;
                (left, right) = (Math.Min(left, n % Width), Math.Max(right, n % Width));
                (top, bottom) = (Math.Min(top, n / Width), Math.Max(bottom, n / Width));
            }
            return (left, top, right, bottom);
        }

        /// <summary>P6: three numbers and then pixels.</summary>
        public static Shot Read(byte[] ppm)
        {
            var (words, at) = (new List<string>(), 0);
            while (words.Count < 4)
            {
                var end = Array.FindIndex(ppm, at, letter => letter is (byte)' ' or (byte)'\n');
                words.Add(Encoding.ASCII.GetString(ppm, at, end - at));
                at = end + 1;
            }
            return new Shot(int.Parse(words[1]), int.Parse(words[2]), ppm[at..]);
        }
    }
}
