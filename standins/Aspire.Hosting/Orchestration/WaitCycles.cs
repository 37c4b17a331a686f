using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>Resources that wait for each other in a circle would never start.</summary>
internal static class WaitCycles
{
    public static void Refuse(DistributedApplicationModel model)
    {
        var done = new HashSet<IResource>();
        var path = new List<IResource>();
        foreach (var resource in model.Resources) Visit(resource);

        void Visit(IResource resource)
        {
            if (path.IndexOf(resource) is var start and >= 0)
            {
                var circle = string.Join(" -> ", path.Skip(start).Append(resource).Select(r => $"'{r.Name}'"));
                throw new DistributedApplicationException($"These resources wait for each other in a circle: {circle}.");
            }

            if (!done.Add(resource)) return;
            path.Add(resource);
            foreach (var wait in resource.Annotations.OfType<WaitAnnotation>()) Visit(wait.Resource);
            path.RemoveAt(path.Count - 1);
        }
    }
}
