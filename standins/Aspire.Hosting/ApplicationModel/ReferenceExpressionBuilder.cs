using System.Runtime.CompilerServices;
using System.Text;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Makes a <see cref="ReferenceExpression"/> piece by piece.</summary>
public class ReferenceExpressionBuilder
{
    private readonly StringBuilder _format;
    private readonly List<IValueProvider> _providers;
    private readonly List<string> _expressions = [];
    private readonly List<string?> _formats = [];

    public ReferenceExpressionBuilder() : this(16, 2)
    {
    }

    internal ReferenceExpressionBuilder(int literalLength, int formattedCount)
    {
        _format = new StringBuilder(literalLength + 4 * formattedCount);
        _providers = new List<IValueProvider>(formattedCount);
    }

    /// <summary>Whether nothing was appended yet.</summary>
    public bool IsEmpty => _format.Length == 0;

    /// <summary>Appends an interpolated string.</summary>
    public void Append([InterpolatedStringHandlerArgument("")] in ReferenceExpressionBuilderInterpolatedStringHandler handler)
    {
    }

    /// <summary>Appends text.</summary>
    public void AppendLiteral(string value) =>
        _format.Append(value.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));

    /// <summary>Appends text.</summary>
    public void AppendFormatted(string? value) => AppendLiteral(value ?? "");

    /// <summary>Appends text, escaped for a URI when the format is <c>uri</c>.</summary>
    public void AppendFormatted(string? value, string? format = null) =>
        AppendLiteral(format == "uri" ? Uri.EscapeDataString(value ?? "") : value ?? "");

    /// <summary>Appends a hole.</summary>
    public void AppendFormatted<T>(T valueProvider) where T : IValueProvider, IManifestExpressionProvider =>
        AppendFormatted(valueProvider, null);

    /// <summary>Appends a hole with a format.</summary>
    public void AppendFormatted<T>(T valueProvider, string? format) where T : IValueProvider, IManifestExpressionProvider
    {
        _format.Append('{').Append(_providers.Count).Append('}');
        _providers.Add(valueProvider);
        _expressions.Add(valueProvider.ValueExpression);
        _formats.Add(format);
    }

    /// <summary>The expression.</summary>
    public ReferenceExpression Build() => new(_format.ToString(), [.. _providers], [.. _expressions], [.. _formats]);

    /// <summary>Collects the parts of an interpolated string.</summary>
    [InterpolatedStringHandler]
    public ref struct ReferenceExpressionBuilderInterpolatedStringHandler(
        int literalLength, int formattedCount, ReferenceExpressionBuilder builder)
    {
        private readonly ReferenceExpressionBuilder _builder = Grow(builder, literalLength + 4 * formattedCount);

        public readonly void AppendLiteral(string value) => _builder.AppendLiteral(value);

        public readonly void AppendFormatted(string? value) => _builder.AppendFormatted(value);

        public readonly void AppendFormatted(string? value, string format) => _builder.AppendFormatted(value, format);

        public readonly void AppendFormatted<T>(T valueProvider) where T : IValueProvider, IManifestExpressionProvider =>
            _builder.AppendFormatted(valueProvider);

        public readonly void AppendFormatted<T>(T valueProvider, string? format)
            where T : IValueProvider, IManifestExpressionProvider => _builder.AppendFormatted(valueProvider, format);

        public readonly void AppendFormatted<T>(IResourceBuilder<T> valueProvider)
            where T : IResource, IValueProvider, IManifestExpressionProvider => _builder.AppendFormatted(valueProvider.Resource);

        private static ReferenceExpressionBuilder Grow(ReferenceExpressionBuilder builder, int length)
        {
            builder._format.EnsureCapacity(builder._format.Length + length);
            return builder;
        }
    }
}
