namespace OpenCvSharp;

/// <summary>
/// The windows of this process. All of its methods run on the one thread that the toolkit is bound to, whichever thread asks;
/// and each looks first whether the window is there, since the C API ends the process where it is not.
/// </summary>
internal sealed class Screen
{
    private static readonly Lazy<WindowThread> s_thread = new(() => new WindowThread());
    private static readonly Screen s_shared = new();

    private readonly HashSet<string> _names = [];

    private Screen()
    {
    }

    /// <summary>Does something that needs a display.</summary>
    public static void Do(Action<Screen> work)
    {
        if (!s_thread.IsValueCreated && XDisplay.WhyNot() is { } why)
            throw new OpenCvSharpException(why);
        s_thread.Value.Do(() =>
        {
            work(s_shared);
            return true;
        });
    }

    /// <summary>Asks for something that has an answer even where there never was a window.</summary>
    public static T Ask<T>(Func<Screen, T> work, T otherwise) =>
        s_thread.IsValueCreated ? s_thread.Value.Do(() => work(s_shared)) : otherwise;

    public void Open(string name, WindowFlags flags)
    {
        _names.Add(name);
        _ = HighguiLibrary.NamedWindow(name, (int)flags);
    }

    public void Show(string name, Mat picture)
    {
        _names.Add(name);
        using var from = picture.Lease();
        HighguiLibrary.Show(name, in from.Header);
    }

    public void Move(string name, int x, int y)
    {
        if (IsOpen(name))
            HighguiLibrary.Move(name, x, y);
    }

    public void Resize(string name, int width, int height)
    {
        // A closed window would open again by this.
        if (IsOpen(name))
            HighguiLibrary.Resize(name, width, height);
    }

    public double Property(string name, WindowPropertyFlags property) =>
        Exists(name) ? HighguiLibrary.GetProperty(name, (int)property) : -1;

    public void SetProperty(string name, WindowPropertyFlags property, double value)
    {
        if (IsOpen(name))
            HighguiLibrary.SetProperty(name, (int)property, value);
    }

    public bool Destroy(string name)
    {
        _names.Remove(name);
        if (!Exists(name))
            return false;
        HighguiLibrary.Destroy(name);
        return true;
    }

    public bool DestroyAll()
    {
        var any = false;
        foreach (var name in _names.ToArray())
            any |= Destroy(name);
        return any;
    }

    private static bool Exists(string name) => HighguiLibrary.Find(name) != IntPtr.Zero;

    private static bool IsOpen(string name) =>
        Exists(name) && HighguiLibrary.GetProperty(name, (int)WindowPropertyFlags.Visible) >= 1;
}
