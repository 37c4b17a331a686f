namespace Ball.Handoff.Tests;

/// <summary>Work on a thread of its own.</summary>
internal static class Aside
{
    /// <returns>Waits for the end of the work, and throws what it threw.</returns>
    public static Action Run(Action action)
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception e)
            {
                failure = e;
            }
        })
        { IsBackground = true };
        thread.Start();
        return () =>
        {
            Assert.True(thread.Join(Frames.Soon), "it does not end");
            Assert.Null(failure);
        };
    }
}
