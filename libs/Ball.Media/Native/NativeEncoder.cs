using System.Runtime.InteropServices;

namespace Ball.Media.Native;

/// <summary>An ISVCEncoder. The numbers are the places of its methods in the vtable.</summary>
internal sealed unsafe class NativeEncoder : SafeHandle
{
    public const int OptionFrameRate = 4;
    public const int OptionBitrate = 5;
    public const int OptionTraceLevel = 25;

    private readonly OpenH264 _library;

    public NativeEncoder(nint encoder, OpenH264 library) : base(0, ownsHandle: true)
    {
        _library = library;
        SetHandle(encoder);
    }

    public override bool IsInvalid => handle == 0;

    private void* This => (void*)handle;

    private void** Methods => *(void***)handle;

    public int InitializeExt(EncoderParameters* parameters) =>
        ((delegate* unmanaged[Cdecl]<void*, EncoderParameters*, int>)Methods[1])(This, parameters);

    public int GetDefaultParams(EncoderParameters* parameters) =>
        ((delegate* unmanaged[Cdecl]<void*, EncoderParameters*, int>)Methods[2])(This, parameters);

    public int Uninitialize() => ((delegate* unmanaged[Cdecl]<void*, int>)Methods[3])(This);

    public int EncodeFrame(SourcePicture* picture, EncodedFrame* frame) =>
        ((delegate* unmanaged[Cdecl]<void*, SourcePicture*, EncodedFrame*, int>)Methods[4])(This, picture, frame);

    public int ForceIntraFrame() =>
        ((delegate* unmanaged[Cdecl]<void*, byte, int, int>)Methods[6])(This, 1, -1);

    public int SetOption(int option, void* value) =>
        ((delegate* unmanaged[Cdecl]<void*, int, void*, int>)Methods[7])(This, option, value);

    protected override bool ReleaseHandle()
    {
        Uninitialize();
        _library.DestroyEncoder(handle);
        return true;
    }
}
