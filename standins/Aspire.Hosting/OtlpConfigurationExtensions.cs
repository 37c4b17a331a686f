using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>Points the telemetry of resources to the Dashboard.</summary>
public static class OtlpConfigurationExtensions
{
    private const string UsualEndpoint = "http://localhost:18889";

    /// <summary>The resource sends its telemetry to the Dashboard.</summary>
    public static IResourceBuilder<T> WithOtlpExporter<T>(this IResourceBuilder<T> builder) where T : IResourceWithEnvironment =>
        builder.Export(protocol: null);

    /// <summary>The resource sends its telemetry to the Dashboard.</summary>
    public static IResourceBuilder<T> WithOtlpExporter<T>(this IResourceBuilder<T> builder, OtlpProtocol protocol)
        where T : IResourceWithEnvironment => builder.Export(protocol);

    private static IResourceBuilder<T> Export<T>(this IResourceBuilder<T> builder, OtlpProtocol? protocol)
        where T : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        var (configuration, environment) = (builder.ApplicationBuilder.Configuration, builder.ApplicationBuilder.Environment);
        return builder.WithEnvironment(context =>
        {
            if (context.ExecutionContext.IsRunMode) Tell(context, configuration, environment, protocol);
        });
    }

    private static void Tell(
        EnvironmentCallbackContext context, IConfiguration configuration, IHostEnvironment environment, OtlpProtocol? protocol)
    {
        var variables = context.EnvironmentVariables;
        var model = context.ExecutionContext.ServiceProvider.GetRequiredService<DistributedApplicationModel>();
        var http = protocol is OtlpProtocol.HttpProtobuf or OtlpProtocol.HttpJson;
        if (model.Resources.TryGetByName(DashboardResource.Name, out var dashboard))
        {
            variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = ((IResourceWithEndpoints)dashboard).GetEndpoint(
                http ? DashboardResource.OtlpHttpEndpoint : DashboardResource.OtlpGrpcEndpoint);
        }
        else
        {
            variables["OTEL_EXPORTER_OTLP_ENDPOINT"] =
                configuration[http ? DashboardInfo.OtlpHttpUrl : DashboardInfo.OtlpGrpcUrl] ?? UsualEndpoint;
        }

        variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol switch
        {
            OtlpProtocol.HttpProtobuf => "http/protobuf",
            OtlpProtocol.HttpJson => "http/json",
            _ => "grpc",
        };

        // The engine fills these in for each copy.
        variables["OTEL_RESOURCE_ATTRIBUTES"] =
            "service.instance.id={{- index .Annotations \"otel-service-instance-id\" -}}";
        variables["OTEL_SERVICE_NAME"] = "{{- index .Annotations \"otel-service-name\" -}}";
        if (configuration[DashboardInfo.OtlpApiKey] is { } key) variables["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={key}";
        if (!environment.IsDevelopment()) return;

        // In development nobody wants to wait for telemetry, or to miss some of it.
        variables["OTEL_BLRP_SCHEDULE_DELAY"] = "1000";
        variables["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
        variables["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
        variables["OTEL_TRACES_SAMPLER"] = "always_on";
        variables["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
        variables["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "true";
    }
}
