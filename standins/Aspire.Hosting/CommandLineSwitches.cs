using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

/// <summary>The AppHost's own command line.</summary>
internal static class CommandLineSwitches
{
    public static IDictionary<string, string> Mappings { get; } = new Dictionary<string, string>
    {
        ["--operation"] = "AppHost:Operation",
        ["--publisher"] = "Publishing:Publisher",
        ["--output-path"] = "Pipeline:OutputPath",
        ["--dcp-cli-path"] = "DcpPublisher:CliPath",
        ["--dcp-dashboard-path"] = "DcpPublisher:DashboardPath",
    };

    public static DistributedApplicationExecutionContextOptions ExecutionContextOptions(IConfiguration configuration)
    {
        var publisher = configuration["Publishing:Publisher"];
        var operation = configuration["AppHost:Operation"]?.ToLowerInvariant() ?? (publisher is null ? "run" : "publish");
        if (operation == "publish" && publisher is not (null or "manifest"))
        {
            throw new DistributedApplicationException(
                $"The publisher '{publisher}' is not known here; use --publisher manifest, or build with -p:Upstream=true.");
        }

        return operation switch
        {
            "run" => new(DistributedApplicationOperation.Run),
            "publish" => new(DistributedApplicationOperation.Publish, publisher ?? "manifest"),
            _ => throw new DistributedApplicationException(
                "Invalid operation specified. Valid operations are 'publish' or 'run'."),
        };
    }
}
