using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

/// <summary>Words for values that come from outside.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>Adds a parameter that is configured as <c>Parameters:name</c>.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, bool secret = false) =>
        builder.Add(name, $"Parameters:{name}", secret, fallback: null);

    /// <summary>Adds a parameter with a fixed value.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, string value,
        bool publishValueAsDefault = false, bool secret = false)
    {
        ArgumentNullException.ThrowIfNull(value);
        return builder.AddParameter(name, () => value, publishValueAsDefault, secret);
    }

    /// <summary>Adds a parameter with a computed value.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, Func<string> valueGetter,
        bool publishValueAsDefault = false, bool secret = false)
    {
        ArgumentNullException.ThrowIfNull(valueGetter);
        if (publishValueAsDefault && secret)
        {
            throw new ArgumentException(
                "A parameter cannot be both secret and published as a default value.", nameof(secret));
        }

        var added = builder.Add(name, $"Parameters:{name}", secret, valueGetter);
        if (publishValueAsDefault) added.Resource.Default = new ConstantParameterDefault(valueGetter);
        return added;
    }

    /// <summary>Adds a parameter that is configured as <c>Parameters:name</c> and has a default.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, ParameterDefault value,
        bool secret = false, bool persist = false)
    {
        ArgumentNullException.ThrowIfNull(value);
        var added = builder.Add(name, $"Parameters:{name}", secret, fallback: null);
        added.Resource.Default = value;
        return added;
    }

    /// <summary>Adds a parameter that is configured under a key of one's own.</summary>
    public static IResourceBuilder<ParameterResource> AddParameterFromConfiguration(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, string configurationKey, bool secret = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(configurationKey);
        return builder.Add(name, configurationKey, secret, fallback: null);
    }

    /// <summary>Adds a connection string that is configured as <c>ConnectionStrings:name</c>.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, string? environmentVariableName = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var resource = new ConnectionStringParameterResource(
            name,
            _ => builder.Configuration.GetConnectionString(name) ?? throw new MissingParameterValueException(
                $"Connection string parameter resource could not be used because connection string '{name}' is missing."),
            environmentVariableName)
        {
            IsConnectionString = true,
            ConfigurationKey = $"ConnectionStrings:{name}",
        };
        return builder.AddResource(resource);
    }

    /// <summary>Says what the parameter is for.</summary>
    public static IResourceBuilder<ParameterResource> WithDescription(
        this IResourceBuilder<ParameterResource> builder, string description, bool enableMarkdown = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Resource.Description = description;
        builder.Resource.EnableDescriptionMarkdown = enableMarkdown;
        return builder;
    }

    private static IResourceBuilder<ParameterResource> Add(
        this IDistributedApplicationBuilder builder, string name, string key, bool secret, Func<string>? fallback)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(name);
        return builder.AddResource(new ParameterResource(name, Value, secret) { ConfigurationKey = key });

        string Value(ParameterDefault? @default) =>
            fallback?.Invoke()
            ?? Configured(builder.Configuration, key)
            ?? @default?.GetDefaultValue()
            ?? throw new MissingParameterValueException(
                $"Parameter resource could not be used because configuration key '{key}' is missing " +
                "and the Parameter has no default value.");
    }

    // Environment variables cannot have hyphens everywhere, so Parameters__my_name stands for my-name too.
    private static string? Configured(IConfiguration configuration, string key) =>
        configuration[key] ?? configuration[key.Replace('-', '_')];
}
