using System.Diagnostics;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value that the application is given from outside.</summary>
[DebuggerDisplay("Type = {GetType().Name,nq}, Name = {Name}")]
public class ParameterResource : Resource, IExpressionValue, IResourceWithoutLifetime
{
    private readonly Lazy<string> _value;

    public ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false) : base(name)
    {
        ArgumentNullException.ThrowIfNull(callback);
        _value = new Lazy<string>(() => callback(Default), LazyThreadSafetyMode.PublicationOnly);
        Secret = secret;
    }

    /// <summary>The value when none is given.</summary>
    public ParameterDefault? Default { get; set; }

    /// <summary>What it is for.</summary>
    public string? Description { get; set; }

    /// <summary>Whether the description is markdown.</summary>
    public bool EnableDescriptionMarkdown { get; set; }

    /// <summary>Whether it must not be shown.</summary>
    public bool Secret { get; }

    /// <summary>Whether it is a connection string.</summary>
    public bool IsConnectionString { get; set; }

    /// <inheritdoc />
    public string ValueExpression => $"{{{Name}.value}}";

    /// <summary>The value.</summary>
    [Obsolete(
        "Use GetValueAsync for async access or pass the ParameterResource directly to methods that accept it " +
        "(e.g., environment variables).")]
    public string Value => _value.Value;

    internal string CurrentValue => _value.Value;

    /// <summary>The place in the configuration that the value comes from.</summary>
    internal string ConfigurationKey { get; set; } = "";

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) => new(_value.Value);
}
