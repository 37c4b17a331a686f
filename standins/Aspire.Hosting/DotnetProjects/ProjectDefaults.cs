using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.DotnetProjects;

/// <summary>What every .NET project is given without being asked: telemetry, endpoints and environment of its profile.</summary>
internal static class ProjectDefaults
{
    public static void Apply(IResourceBuilder<ProjectResource> project, ProjectResourceOptions options)
    {
        var builder = project.ApplicationBuilder;
        var running = builder.ExecutionContext.IsRunMode;
        project.WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "in_memory");
        if (running && builder.Environment.IsDevelopment())
        {
            project.WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION", "true");
            project.WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION", "true");
        }

        project.WithOtlpExporter();
        if (running)
        {
            project.WithEnvironment("LOGGING__CONSOLE__FORMATTERNAME", "simple");
            project.WithEnvironment("DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION", "true");
        }
        else
        {
            project.WithEnvironment(TellForwardedHeaders);
        }

        Choose(project, options);
        var chosen = LaunchProfiles.Effective(project.Resource);
        if (running) ForRunning(project, chosen);
        else ForPublishing(project, chosen?.Profile);
    }

    private static void Choose(IResourceBuilder<ProjectResource> project, ProjectResourceOptions options)
    {
        var configuration = project.ApplicationBuilder.Configuration;
        var usual = configuration["AppHost:DefaultLaunchProfileName"] ?? configuration["DOTNET_LAUNCH_PROFILE"];
        if (options.ExcludeLaunchProfile) project.WithAnnotation(new ExcludeLaunchProfileAnnotation());
        else if (!string.IsNullOrEmpty(options.LaunchProfileName))
            project.WithAnnotation(new LaunchProfileAnnotation(options.LaunchProfileName));
        else if (!string.IsNullOrEmpty(usual))
            project.WithAnnotation(new DefaultLaunchProfileAnnotation(usual));
    }

    private static void ForRunning(IResourceBuilder<ProjectResource> project, (string Name, LaunchProfile Profile)? chosen)
    {
        project.WithEnvironment(context => TellUrls(context, project.Resource));
        if (chosen is not var (name, profile)) return;

        var count = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var url in (profile.ApplicationUrl ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var address = Microsoft.AspNetCore.Http.BindingAddress.Parse(url);
            var nth = count[address.Scheme] = count.GetValueOrDefault(address.Scheme) + 1;
            project.WithEndpoint(nth == 1 ? address.Scheme : address.Scheme + nth, endpoint =>
            {
                endpoint.Port = address.Port;
                endpoint.TargetHost = address.Host is "*" or "+" ? "localhost" : address.Host;
                endpoint.UriScheme = address.Scheme;
                endpoint.FromLaunchProfile = true;
            });
        }

        if (!string.IsNullOrEmpty(profile.LaunchUrl)) project.WithUrls(context => ApplyLaunchUrl(context, profile.LaunchUrl));
        project.WithEnvironment(context =>
        {
            context.EnvironmentVariables.TryAdd("DOTNET_LAUNCH_PROFILE", name);
            foreach (var (key, value) in profile.EnvironmentVariables)
                context.EnvironmentVariables.TryAdd(key, Environment.ExpandEnvironmentVariables(value));
        });
    }

    private static void ApplyLaunchUrl(ResourceUrlsCallbackContext context, string launchUrl)
    {
        foreach (var url in context.Urls.Where(u => u.Endpoint?.EndpointAnnotation.FromLaunchProfile == true))
        {
            if (Uri.TryCreate(new Uri(url.Url), launchUrl, out var joined)) url.Url = joined.ToString();
        }
    }

    private static void ForPublishing(IResourceBuilder<ProjectResource> project, LaunchProfile? profile)
    {
        EndpointAnnotation? usualHttps = null;
        project.WithEnvironment(context =>
        {
            TellPorts(context, project.Resource, "HTTP_PORTS", "http", usualHttps);
            TellPorts(context, project.Resource, "HTTPS_PORTS", "https", usualHttps);
        });
        if (profile?.ApplicationUrl is null) return;

        // A web project has both once deployed, whatever the profile of the developer's machine says.
        var http = FindOrAdd("http");
        var https = FindOrAdd("https");
        http.TargetPort = https.TargetPort = http.TargetPort ?? https.TargetPort;

        EndpointAnnotation FindOrAdd(string scheme)
        {
            var found = project.Resource.Annotations.OfType<EndpointAnnotation>()
                .FirstOrDefault(e => e.UriScheme == scheme || EndpointAnnotation.SameName(e.Name, scheme));
            if (found is not null) return found;
            project.WithEndpoint(scheme, e => e.UriScheme = scheme);
            var added = project.Resource.FindEndpoint(scheme)!;
            if (scheme == "https") usualHttps = added;
            return added;
        }
    }

    private static void TellForwardedHeaders(EnvironmentCallbackContext context)
    {
        if (context.Resource is IResourceWithEndpoints resource && resource.GetEndpoints().Any()
            && !resource.HasAnnotationOfType<DisableForwardedHeadersAnnotation>())
        {
            context.EnvironmentVariables["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true";
        }
    }

    private static IEnumerable<EndpointReference> Told(ProjectResource project) => project.GetEndpoints().Where(endpoint =>
        EndpointAnnotation.IsHttpScheme(endpoint.Scheme)
        && endpoint.EndpointAnnotation.TargetPortEnvironmentVariable is null
        && project.Annotations.OfType<EndpointEnvironmentFilterAnnotation>().All(a => a.Filter(endpoint.EndpointAnnotation)));

    private static void TellUrls(EnvironmentCallbackContext context, ProjectResource project)
    {
        var variables = context.EnvironmentVariables;
        if (variables.ContainsKey("ASPNETCORE_URLS")) return;
        var urls = new ReferenceExpressionBuilder();
        foreach (var endpoint in Told(project))
        {
            // So that redirections to https name the port that the outside knows.
            if (endpoint.IsHttps) variables.TryAdd("ASPNETCORE_HTTPS_PORT", endpoint.Property(EndpointProperty.Port));
            if (!urls.IsEmpty) urls.AppendLiteral(";");
            urls.AppendLiteral($"{endpoint.Scheme}://{endpoint.EndpointAnnotation.TargetHost}:");
            urls.AppendFormatted(endpoint.Property(EndpointProperty.TargetPort));
        }

        if (!urls.IsEmpty) variables["ASPNETCORE_URLS"] = urls.Build();
    }

    private static void TellPorts(
        EnvironmentCallbackContext context, ProjectResource project, string variable, string scheme,
        EndpointAnnotation? usualHttps)
    {
        if (context.EnvironmentVariables.ContainsKey(variable)) return;
        var ports = new ReferenceExpressionBuilder();
        foreach (var endpoint in Told(project))
        {
            if (endpoint.Scheme != scheme || endpoint.EndpointAnnotation == usualHttps) continue;
            if (!ports.IsEmpty) ports.AppendLiteral(";");
            ports.AppendFormatted(endpoint.Property(EndpointProperty.TargetPort));
        }

        if (!ports.IsEmpty) context.EnvironmentVariables[variable] = ports.Build();
    }
}
