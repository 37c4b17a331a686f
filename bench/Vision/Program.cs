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
Console.WriteLine(python is null
    ? "No Python with cv2 here to compare with (apt-get install python3-opencv)."
    : $"Python's cv2.HoughCircles, gray, same pictures: {python:0} us");
Console.WriteLine("| finder | format | us | bytes | times faster than Python |");
Console.WriteLine("|---|---|---|---|---|");
foreach (var report in summary.Reports.Where(report => report.ResultStatistics is not null))
{
    var microseconds = report.ResultStatistics!.Median / 1000;
    var bytes = report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase);
    Console.WriteLine($"| {report.BenchmarkCase.Descriptor.WorkloadMethod.Name} | {report.BenchmarkCase.Parameters.Items[0].Value} "
        + $"| {microseconds:0.0} | {bytes} | {python / microseconds:0.0} |");
}
