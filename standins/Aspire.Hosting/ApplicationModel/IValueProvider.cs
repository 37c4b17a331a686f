namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value that may be known only later.</summary>
public interface IValueProvider
{
    /// <summary>Waits for the value.</summary>
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);

    /// <summary>Waits for the value as somebody in particular sees it.</summary>
    ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default) =>
        GetValueAsync(cancellationToken);
}
