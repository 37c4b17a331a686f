using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OpenCvSharp;

/// <summary>Finds the machine's OpenCV 4, whichever release it has.</summary>
internal static class OpenCvLibrary
{
    // The releases that distributions ship (Debian 12 and Ubuntu 24.04: 4.6; Debian 13: 4.10), the newest last, then a
    // self-built one. All modules have to come from the same release.
    private static readonly string[] s_endings =
        [".so.406", ".so.410", ".so.409", ".so.408", ".so.407", ".so.405", ".so.4.5d", ".so.411", ".so.412", ".so.4", ".so"];

    private static readonly Lazy<string?> s_ending =
        new(() => s_endings.FirstOrDefault(ending => TryLoad(CoreLibrary.Name, ending, out _)));

    // A library has to register its resolver before its first call; nobody else could do it for this one.
#pragma warning disable CA2255
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Register() => NativeLibrary.SetDllImportResolver(typeof(OpenCvLibrary).Assembly, Resolve);

    private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (!name.StartsWith("opencv_", StringComparison.Ordinal))
            return IntPtr.Zero;
        if (s_ending.Value is { } ending && TryLoad(name, ending, out var library))
            return library;
        throw new DllNotFoundException(MissingMessage(name, s_ending.Value));
    }

    internal static string MissingMessage(string name, string? ending) =>
        $"OpenCV 4 is not on this machine (lib{name}{ending ?? s_endings[0]}): run ./ball setup, or "
        + "apt-get install libopencv-core406 libopencv-imgproc406 libopencv-highgui406.";

    private static bool TryLoad(string name, string ending, out IntPtr library) =>
        NativeLibrary.TryLoad($"lib{name}{ending}", out library);
}
