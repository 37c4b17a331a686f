using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Dashboard;

/// <summary>Keys and addresses of the Dashboard.</summary>
internal sealed class DashboardInfo(IConfiguration configuration)
{
    public const string OtlpGrpcUrl = "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL";
    public const string OtlpHttpUrl = "ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL";
    public const string ResourceServiceUrl = "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL";
    public const string OtlpApiKey = "AppHost:OtlpApiKey";
    public const string ReadApiKey = "AppHost:DashboardApiKey";
    public const string BrowserToken = "AppHost:BrowserToken";
    public const string ResourceServiceKey = "AppHost:ResourceService:ApiKey";

    private readonly TaskCompletionSource<string> _url = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The page to log in on, once the Dashboard answers.</summary>
    public Task<string> LoginUrl => _url.Task;

    /// <summary>The Dashboard answers.</summary>
    public string SetUrl(string url)
    {
        var login = configuration[BrowserToken] is { } token ? $"{url}/login?t={token}" : url;
        _url.TrySetResult(login);
        return login;
    }

    /// <summary>Makes the keys that were not configured.</summary>
    public static void AddKeys(IConfigurationManager configuration)
    {
        if (IsTrue(configuration["ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS"])
            || IsTrue(configuration["DOTNET_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS"])) return;
        configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            [OtlpApiKey] = configuration[OtlpApiKey] ?? NewToken(),
            [ReadApiKey] = configuration[ReadApiKey] ?? NewToken(),
            [BrowserToken] = Given(configuration, "FRONTEND_BROWSERTOKEN") ?? NewToken(),
            [ResourceServiceKey] = Given(configuration, "RESOURCESERVICE_APIKEY") ?? NewToken(),
        });
    }

    private static string? Given(IConfiguration configuration, string name) =>
        configuration[$"ASPIRE_DASHBOARD_{name}"] is { Length: > 0 } value ? value
        : configuration[$"DOTNET_DASHBOARD_{name}"] is { Length: > 0 } older ? older : null;

    private static bool IsTrue(string? text) => text is "1" || string.Equals(text, "true", StringComparison.OrdinalIgnoreCase);

    private static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
