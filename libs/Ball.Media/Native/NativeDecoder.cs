using System.Runtime.InteropServices;

namespace Ball.Media.Native;

/// <summary>An ISVCDecoder. The numbers are the places of its methods in the vtable.</summary>
internal sealed unsafe class NativeDecoder : SafeHandle
{
    public const int OptionTraceLevel = 9;

    private readonly OpenH264 _library;

    public NativeDecoder(nint decoder, OpenH264 library) : base(0, ownsHandle: true)
    {
        _library = library;
        SetHandle(decoder);
    }

    public override bool IsInvalid => handle == 0;

    private void* This => (void*)handle;

    private void** Methods => *(void***)handle;

    public nint Initialize(DecoderParameters* parameters) =>
        ((delegate* unmanaged[Cdecl]<void*, DecoderParameters*, nint>)Methods[0])(This, parameters);

    public nint Uninitialize() => ((delegate* unmanaged[Cdecl]<void*, nint>)Methods[1])(This);

    /// <summary>Decodes one access unit at once; planes are valid until the next call.</summary>
    public int DecodeFrameNoDelay(byte* bytes, int length, byte** planes, DecodedFrame* frame) =>
        ((delegate* unmanaged[Cdecl]<void*, byte*, int, byte**, DecodedFrame*, int>)Methods[3])(
            This, bytes, length, planes, frame);

    /// <summary>
    /// Hands out a picture that the decoder holds back, as it does in streams that could have pictures to reorder.
    /// </summary>
    public int FlushFrame(byte** planes, DecodedFrame* frame) =>
        ((delegate* unmanaged[Cdecl]<void*, byte**, DecodedFrame*, int>)Methods[5])(This, planes, frame);

    public nint SetOption(int option, void* value) =>
        ((delegate* unmanaged[Cdecl]<void*, int, void*, nint>)Methods[8])(This, option, value);

    protected override bool ReleaseHandle()
    {
        Uninitialize();
        _library.DestroyDecoder(handle);
        return true;
    }
}
