namespace Aspire.Hosting.ApplicationModel;

/// <summary>Marks a parameter that takes the name of an endpoint (for analyzers).</summary>
[AttributeUsage(AttributeTargets.Parameter, AllowMultiple = false)]
public sealed class EndpointNameAttribute : Attribute, IModelNameParameter
{
}
