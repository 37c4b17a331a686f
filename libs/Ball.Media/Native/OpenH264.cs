using System.Runtime.InteropServices;

namespace Ball.Media.Native;

/// <summary>
/// The machine's OpenH264. Its exports are C, but what they hand out are C++ objects, so calls go through their vtables.
/// </summary>
/// <remarks>
/// Versions 2.3 to 2.5 (libopenh264.so.7) share one layout of structures. 2.6 (libopenh264.so.8) appended fields to them; that is
/// why <see cref="LayerSize"/> depends on the version and the others have room to spare.
/// </remarks>
internal sealed unsafe class OpenH264
{
    private static readonly string[] s_names = ["libopenh264.so.7", "libopenh264.so.8", "libopenh264.so"];

    private static readonly Lazy<OpenH264> s_machine = new(() => Load(s_names));

    private readonly delegate* unmanaged[Cdecl]<void**, int> _createEncoder;
    private readonly delegate* unmanaged[Cdecl]<void*, void> _destroyEncoder;
    private readonly delegate* unmanaged[Cdecl]<void**, nint> _createDecoder;
    private readonly delegate* unmanaged[Cdecl]<void*, void> _destroyDecoder;

    private OpenH264(nint library)
    {
        var version = stackalloc uint[4];
        ((delegate* unmanaged[Cdecl]<uint*, void>)NativeLibrary.GetExport(library, "WelsGetCodecVersionEx"))(version);
        Version = new Version((int)version[0], (int)version[1], (int)version[2]);
        if (Version.Major != 2 || Version.Minor < 3)
            throw new OpenH264MissingException($"this machine has version {Version}, which is not among 2.3 and later.");
        LayerSize = Version.Minor >= 6 ? 56 : 40;

        _createEncoder = (delegate* unmanaged[Cdecl]<void**, int>)NativeLibrary.GetExport(library, "WelsCreateSVCEncoder");
        _destroyEncoder = (delegate* unmanaged[Cdecl]<void*, void>)NativeLibrary.GetExport(library, "WelsDestroySVCEncoder");
        _createDecoder = (delegate* unmanaged[Cdecl]<void**, nint>)NativeLibrary.GetExport(library, "WelsCreateDecoder");
        _destroyDecoder = (delegate* unmanaged[Cdecl]<void*, void>)NativeLibrary.GetExport(library, "WelsDestroyDecoder");
    }

    /// <summary>Loaded at first use, and never unloaded.</summary>
    public static OpenH264 Instance => s_machine.Value;

    public Version Version { get; }

    /// <summary>The size of one layer in what the encoder returns.</summary>
    public int LayerSize { get; }

    internal static OpenH264 Load(ReadOnlySpan<string> names)
    {
        if (!Environment.Is64BitProcess || OperatingSystem.IsWindows())
            throw new OpenH264MissingException("only 64-bit Linux and its kin are supported.");
        foreach (var name in names)
        {
            if (!NativeLibrary.TryLoad(name, out var library))
                continue;
            try
            {
                return new OpenH264(library);
            }
            catch (EntryPointNotFoundException missing)
            {
                throw new OpenH264MissingException($"{name} is not OpenH264.", missing);
            }
        }
        throw new OpenH264MissingException();
    }

    public NativeEncoder CreateEncoder()
    {
        void* encoder = null;
        var result = _createEncoder(&encoder);
        if (result != 0 || encoder == null)
            throw new H264Exception($"OpenH264 made no encoder (WelsCreateSVCEncoder: {result}).");
        return new NativeEncoder((nint)encoder, this);
    }

    public NativeDecoder CreateDecoder()
    {
        void* decoder = null;
        var result = _createDecoder(&decoder);
        if (result != 0 || decoder == null)
            throw new H264Exception($"OpenH264 made no decoder (WelsCreateDecoder: {result}).");
        return new NativeDecoder((nint)decoder, this);
    }

    internal void DestroyEncoder(nint encoder) => _destroyEncoder((void*)encoder);

    internal void DestroyDecoder(nint decoder) => _destroyDecoder((void*)decoder);
}
