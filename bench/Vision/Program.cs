using Ball.Bench.Vision;
using Ball.Pictures;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

// In this process, so that the stand-ins are the ones that this build chose.
var job = Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(5).WithIterationCount(8);
if (args.Contains("--short"))
    job = job.WithWarmupCount(2).WithIterationCount(3);
var config = DefaultConfig.Instance.AddJob(job).WithArtifactsPath(Path.Combine(Path.GetTempPath(), "ball-bench-vision"));
var summary = BenchmarkRunner.Run<FinderBenchmarks>(config);

var python = PythonHough.Measure(new Film(PixelFormat.Gray8));
Console.WriteLine();
Console.WriteLine(python is { } hough
    ? $"Python's cv2.HoughCircles, gray, same pictures: median {hough.Median:0} us, fewest {hough.Fewest:0} us"
    : "No Python with cv2 here to compare with (apt-get install python3-opencv).");

// The fewest are compared with the fewest: what else the machine does disturbs those least.
Console.WriteLine("| finder | format | us (median) | us (fewest) | bytes | times faster than Python |");
Console.WriteLine("|---|---|---|---|---|---|");
foreach (var report in summary.Reports.Where(report => report.ResultStatistics is not null))
{
    var statistics = report.ResultStatistics!;
    var fewest = statistics.Min / 1000;
    var bytes = report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase);
    var name = report.BenchmarkCase.Descriptor.WorkloadMethod.Name;
    Console.WriteLine($"| {name} | {report.BenchmarkCase.Parameters.Items[0].Value} | {statistics.Median / 1000:0.0} "
        + $"| {fewest:0.0} | {bytes} | {python?.Fewest / fewest:0.0} |");
}
