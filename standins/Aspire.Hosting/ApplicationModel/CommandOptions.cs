namespace Aspire.Hosting.ApplicationModel;

/// <summary>How a command looks and when it can be used.</summary>
public class CommandOptions
{
    /// <summary>What it does, in words.</summary>
    public string? Description { get; set; }

    /// <summary>What is asked first.</summary>
    public string? ConfirmationMessage { get; set; }

    /// <summary>The name of its icon among the Fluent icons.</summary>
    public string? IconName { get; set; }

    /// <summary>The form of its icon.</summary>
    public IconVariant? IconVariant { get; set; }

    /// <summary>Whether it has a button of its own in the table.</summary>
    public bool IsHighlighted { get; set; }

    /// <summary>Decides whether it can be used; always, if not given.</summary>
    public Func<UpdateCommandStateContext, ResourceCommandState>? UpdateState { get; set; }
}
