using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Health;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard;

/// <summary>
/// The Dashboard is a resource like any other, only hidden: the engine runs it, a health check says when it answers.
/// </summary>
internal static class DashboardResource
{
    public const string Name = "aspire-dashboard";
    public const string OtlpGrpcEndpoint = "otlp-grpc";
    public const string OtlpHttpEndpoint = "otlp-http";

    private const string HealthKey = "aspire-dashboard_check";

    public static void AddHealthCheck(IServiceCollection services) => services.AddHealthChecks().Add(new HealthCheckRegistration(
        HealthKey,
        sp => new HttpEndpointHealthCheck(
            ((ExecutableResource)sp.GetRequiredService<DistributedApplicationModel>().Resources.First(r => r.Name == Name))
                .GetEndpoint("http"),
            "/health", 200),
        failureStatus: null, tags: null));

    public static Task AddToModelAsync(BeforeStartEvent @event, CancellationToken cancellationToken)
    {
        var services = @event.Services;
        var configuration = services.GetRequiredService<IConfiguration>();
        var bundle = services.GetRequiredService<DcpBundle>();
        var dashboard = new ExecutableResource(Name, bundle.DashboardPath, Path.GetDirectoryName(bundle.DashboardPath)!);
        var annotations = dashboard.Annotations;
        annotations.Add(new HiddenAnnotation());
        annotations.Add(new ExcludeLifecycleCommandsAnnotation());
        annotations.Add(ManifestPublishingCallbackAnnotation.Ignore);
        annotations.Add(new HealthCheckAnnotation(HealthKey));
        annotations.Add(Endpoint("http", configuration["ASPNETCORE_URLS"]));
        annotations.Add(Endpoint(OtlpGrpcEndpoint, configuration[DashboardInfo.OtlpGrpcUrl]));
        annotations.Add(Endpoint(OtlpHttpEndpoint, configuration[DashboardInfo.OtlpHttpUrl]));
        annotations.Add(new CommandLineArgsCallbackAnnotation(args => args.Add("dashboard")));
        annotations.Add(new EnvironmentCallbackAnnotation(
            context => Tell(context.EnvironmentVariables, dashboard, services, configuration)));
        @event.Model.Resources.Insert(0, dashboard);

        services.GetRequiredService<IDistributedApplicationEventing>().Subscribe<ResourceReadyEvent>(dashboard, (_, _) =>
        {
            var logger = services.GetRequiredService<ILogger<DistributedApplication>>();
            var url = dashboard.GetEndpoint("http").Url;
            var login = services.GetRequiredService<DashboardInfo>().SetUrl(url);
            logger.LogInformation("Now listening on: {DashboardUrl}", url);
            if (login != url) logger.LogInformation("Login to the dashboard at {DashboardLoginUrl}", login);
            return Task.CompletedTask;
        });
        return Task.CompletedTask;
    }

    private static EndpointAnnotation Endpoint(string name, string? urls)
    {
        // Plain http on the loopback only; of a profile with both, the https address is left alone.
        var url = (urls ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(u => u.StartsWith("http://", StringComparison.OrdinalIgnoreCase));
        int? port = url is null ? null : Microsoft.AspNetCore.Http.BindingAddress.Parse(url).Port;
        return new EndpointAnnotation(System.Net.Sockets.ProtocolType.Tcp, "http", name: name, port: port);
    }

    private static void Tell(
        Dictionary<string, object> variables, ExecutableResource dashboard, IServiceProvider services,
        IConfiguration configuration)
    {
        variables["ASPNETCORE_URLS"] = Listening("http");
        variables["ASPNETCORE_ENVIRONMENT"] = "Production";
        variables["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = Listening(OtlpGrpcEndpoint);
        variables["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = Listening(OtlpHttpEndpoint);
        variables["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = services.GetRequiredService<ResourceServiceHost>().Url;
        variables["DASHBOARD__FRONTEND__PUBLICURL"] = dashboard.GetEndpoint("http");
        Key("DASHBOARD__FRONTEND__AUTHMODE", "BrowserToken", "DASHBOARD__FRONTEND__BROWSERTOKEN", DashboardInfo.BrowserToken);
        Key("DASHBOARD__OTLP__AUTHMODE", "ApiKey", "DASHBOARD__OTLP__PRIMARYAPIKEY", DashboardInfo.OtlpApiKey);
        Key("DASHBOARD__API__AUTHMODE", "ApiKey", "DASHBOARD__API__PRIMARYAPIKEY", DashboardInfo.ReadApiKey);
        Key("DASHBOARD__RESOURCESERVICECLIENT__AUTHMODE", "ApiKey", "DASHBOARD__RESOURCESERVICECLIENT__APIKEY",
            DashboardInfo.ResourceServiceKey);
        variables["DASHBOARD__API__ENABLED"] = "true";
        variables["LOGGING__CONSOLE__FORMATTERNAME"] = "simple";

        ReferenceExpression Listening(string name) => ReferenceExpression.Create(
            $"http://localhost:{dashboard.GetEndpoint(name).Property(EndpointProperty.TargetPort)}");

        void Key(string modeName, string mode, string keyName, string configured)
        {
            variables[modeName] = configuration[configured] is null ? "Unsecured" : mode;
            if (configuration[configured] is { } key) variables[keyName] = key;
        }
    }
}
