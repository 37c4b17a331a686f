namespace Aspire.Hosting.ApplicationModel;

/// <summary>Properties that have a place of their own in the Dashboard.</summary>
public static class CustomResourceKnownProperties
{
    /// <summary>The Source column.</summary>
    public static string Source => "resource.source";

    /// <summary>The connection string.</summary>
    public static string ConnectionString => "resource.connectionString";
}
