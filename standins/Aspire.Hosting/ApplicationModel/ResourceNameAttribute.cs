namespace Aspire.Hosting.ApplicationModel;

/// <summary>Marks a parameter that takes the name of a resource (for analyzers).</summary>
[AttributeUsage(AttributeTargets.Parameter, AllowMultiple = false)]
public sealed class ResourceNameAttribute : Attribute, IModelNameParameter
{
}
