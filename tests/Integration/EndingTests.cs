namespace Integration;

/// <summary>However the AppHost ends, nothing of its run is left.</summary>
public sealed class EndingTests
{
    [Fact]
    public async Task Ctrl_C_ends_everything()
    {
        using var appHost = new AppHostProgram();
        await appHost.LoginAsync();

        appHost.Interrupt();

        await appHost.WaitUntilGoneAsync();
    }

    [Fact]
    public async Task A_killed_AppHost_leaves_nothing_behind()
    {
        using var appHost = new AppHostProgram();
        await appHost.LoginAsync();

        appHost.Kill();

        await appHost.WaitUntilGoneAsync();
    }
}
