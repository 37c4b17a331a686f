using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Dcp;

/// <summary>Where the engine (DCP) and the Dashboard are.</summary>
internal sealed record DcpBundle(string EnginePath, string DashboardPath)
{
    public static DcpBundle Find(IConfiguration configuration, DistributedApplicationOptions options)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var root = configuration["ASPIRE_BUNDLE_PATH"] ?? options.Metadata("aspirebundlepath")
            ?? Path.Join(home, ".aspire", "bundle");
        var extension = OperatingSystem.IsWindows() ? ".exe" : "";
        var bundle = new DcpBundle(
            configuration["DcpPublisher:CliPath"] ?? options.Metadata("dcpclipath") ?? Path.Join(root, "dcp", "dcp" + extension),
            configuration["DcpPublisher:DashboardPath"] ?? options.Metadata("aspiredashboardpath")
                ?? Path.Join(root, "managed", "aspire-managed" + extension));
        foreach (var file in (string[])[bundle.EnginePath, bundle.DashboardPath])
        {
            if (!File.Exists(file)) throw new DistributedApplicationException(Missing(file));
        }

        return bundle;
    }

    private static string Missing(string file) =>
        $"The Aspire engine was not found: '{file}' does not exist. Run './ball setup', or install the npm package " +
        "'@microsoft/aspire-cli-linux-x64' and run its 'aspire setup'; or name another folder in ASPIRE_BUNDLE_PATH.";
}
