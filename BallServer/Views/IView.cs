namespace BallServer.Views;

/// <summary>Shows the loop to a person, again and again.</summary>
internal interface IView : IDisposable
{
    /// <summary>How often it wants to be told.</summary>
    TimeSpan Every { get; }

    /// <summary>False: the person has closed it, and wants the program to end.</summary>
    bool Show(LoopReport report);
}
