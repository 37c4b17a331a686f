using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Text with holes for values that are known later: <c>ReferenceExpression.Create($"{endpoint}/path")</c>.</summary>
[DebuggerDisplay("ReferenceExpression = {ValueExpression}")]
public class ReferenceExpression : IExpressionValue, IValueWithReferences
{
    /// <summary>No text at all.</summary>
    public static readonly ReferenceExpression Empty = new("", [], [], []);

    internal ReferenceExpression(
        string format,
        IReadOnlyList<IValueProvider> valueProviders,
        IReadOnlyList<string> manifestExpressions,
        IReadOnlyList<string?> stringFormats)
    {
        Format = format;
        ValueProviders = valueProviders;
        ManifestExpressions = manifestExpressions;
        StringFormats = stringFormats;
    }

    /// <summary>The text as a composite format.</summary>
    public string Format { get; }

    /// <summary>What the holes are filled with.</summary>
    public IReadOnlyList<IValueProvider> ValueProviders { get; }

    /// <summary>What the holes are filled with in a manifest.</summary>
    public IReadOnlyList<string> ManifestExpressions { get; }

    /// <summary>The format of each hole (<c>uri</c> escapes).</summary>
    public IReadOnlyList<string?> StringFormats { get; }

    /// <inheritdoc />
    public string ValueExpression => string.Format(CultureInfo.InvariantCulture, Format, [.. ManifestExpressions]);

    IEnumerable<object> IValueWithReferences.References => ValueProviders;

    /// <summary>Makes an expression of an interpolated string.</summary>
    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => handler.Build();

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) => GetValueAsync(new(), cancellationToken);

    /// <inheritdoc />
    public async ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken)
    {
        if (Format.Length == 0) return null;
        var values = new object?[ValueProviders.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var value = await ValueProviders[i].GetValueAsync(context, cancellationToken).ConfigureAwait(false);
            values[i] = StringFormats[i] switch
            {
                null => value,
                "uri" => value is null ? null : Uri.EscapeDataString(value),
                var other => throw new FormatException($"The format '{other}' is not supported in a reference expression."),
            };
        }

        // One hole and nothing else: null stays null, it is not the empty text.
        if (values.Length == 1 && Format == "{0}") return (string?)values[0];
        return string.Format(CultureInfo.InvariantCulture, Format, values);
    }

    /// <summary>Collects the parts of an interpolated string.</summary>
    [InterpolatedStringHandler]
    public ref struct ExpressionInterpolatedStringHandler(int literalLength, int formattedCount)
    {
        private readonly ReferenceExpressionBuilder _parts = new(literalLength, formattedCount);

        public readonly void AppendLiteral(string value) => _parts.AppendLiteral(value);

        public readonly void AppendFormatted(string? value) => _parts.AppendFormatted(value);

        public readonly void AppendFormatted(string? value, string? format = null) => _parts.AppendFormatted(value, format);

        public readonly void AppendFormatted<T>(T valueProvider) where T : IValueProvider, IManifestExpressionProvider =>
            _parts.AppendFormatted(valueProvider);

        public readonly void AppendFormatted<T>(T valueProvider, string? format = null)
            where T : IValueProvider, IManifestExpressionProvider => _parts.AppendFormatted(valueProvider, format);

        public readonly void AppendFormatted<T>(IResourceBuilder<T> valueProvider)
            where T : IResource, IValueProvider, IManifestExpressionProvider => _parts.AppendFormatted(valueProvider.Resource);

        public readonly void AppendFormatted<T>(IResourceBuilder<T> valueProvider, string? format = null)
            where T : IResource, IValueProvider, IManifestExpressionProvider =>
            _parts.AppendFormatted(valueProvider.Resource, format);

        internal readonly ReferenceExpression Build() => _parts.Build();
    }
}
