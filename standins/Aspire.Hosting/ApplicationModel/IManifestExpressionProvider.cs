namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value that stands in a manifest as an expression, such as <c>{server.bindings.http.url}</c>.</summary>
public interface IManifestExpressionProvider
{
    /// <summary>The expression.</summary>
    string ValueExpression { get; }
}
