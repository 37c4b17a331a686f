using System.Diagnostics;
using System.Globalization;
using Ball.Pictures;

namespace Ball.Bench.Vision;

/// <summary>The same film through Python's cv2.HoughCircles.</summary>
internal static class PythonHough
{
    private const int Rounds = 10;

    /// <summary>The fewest and the median microseconds a picture; null where there is no Python with cv2.</summary>
    public static (double Fewest, double Median)? Measure(Film film)
    {
        var file = Path.GetTempFileName();
        try
        {
            var layout = film.Pictures[0].Layout;
            using (var stream = File.Create(file))
            {
                foreach (var picture in film.Pictures)
                    stream.Write(picture.Y);
            }
            var python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
            var start = new ProcessStartInfo(python) { RedirectStandardOutput = true };
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "hough.py"));
            start.ArgumentList.Add(file);
            start.ArgumentList.Add(layout.Width.ToString(CultureInfo.InvariantCulture));
            start.ArgumentList.Add(layout.Height.ToString(CultureInfo.InvariantCulture));
            start.ArgumentList.Add(Rounds.ToString(CultureInfo.InvariantCulture));
            using var process = Process.Start(start) ?? throw new InvalidOperationException("Python did not start.");
            var words = process.StandardOutput.ReadToEnd().Split(' ');
            process.WaitForExit();
            return process.ExitCode == 0 ? (Number(words[0]), Number(words[1])) : null;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
