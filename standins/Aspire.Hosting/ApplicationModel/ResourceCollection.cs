using System.Collections.ObjectModel;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Resources with distinct names.</summary>
internal sealed class ResourceCollection : Collection<IResource>, IResourceCollection
{
    public ResourceCollection()
    {
    }

    public ResourceCollection(IEnumerable<IResource> resources)
    {
        foreach (var resource in resources) Add(resource);
    }

    protected override void InsertItem(int index, IResource item)
    {
        RefuseSecondOfName(item, replacing: null);
        base.InsertItem(index, item);
    }

    protected override void SetItem(int index, IResource item)
    {
        RefuseSecondOfName(item, replacing: this[index]);
        base.SetItem(index, item);
    }

    private void RefuseSecondOfName(IResource item, IResource? replacing)
    {
        ArgumentNullException.ThrowIfNull(item);
        var twin = this.FirstOrDefault(
            r => r != replacing && string.Equals(r.Name, item.Name, StringComparison.OrdinalIgnoreCase));
        if (twin is not null)
        {
            throw new DistributedApplicationException(
                $"Cannot add resource of type '{item.GetType()}' with name '{item.Name}' because resource of type " +
                $"'{twin.GetType()}' with that name already exists. Resource names are case-insensitive.");
        }
    }
}
