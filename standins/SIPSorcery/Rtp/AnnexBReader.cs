namespace SIPSorcery.Net;

/// <summary>Finds the NAL units of an Annex B byte stream. Data without any start code counts as one NAL unit.</summary>
internal ref struct AnnexBReader
{
    readonly ReadOnlySpan<byte> _stream;
    int _next;

    public AnnexBReader(ReadOnlySpan<byte> stream)
    {
        _stream = stream;
        var code = stream.IndexOf(StartCode);
        _next = code < 0 ? 0 : code + StartCode.Length;
        Offset = 0;
        Length = 0;
    }

    // A four-byte code is a three-byte one after a zero, which belongs to nothing. IndexOf is vectorised.
    static ReadOnlySpan<byte> StartCode => [0, 0, 1];

    public int Offset { get; private set; }
    public int Length { get; private set; }

    public bool MoveNext()
    {
        while (_next < _stream.Length)
        {
            var rest = _stream[_next..];
            var end = rest.IndexOf(StartCode);
            Offset = _next;
            _next = end < 0 ? _stream.Length : _next + end + StartCode.Length;
            // No NAL unit ends in a zero byte: those are padding, or part of the next start code.
            Length = (end < 0 ? rest : rest[..end]).LastIndexOfAnyExcept((byte)0) + 1;
            if (Length > 0)
                return true;
        }
        return false;
    }
}
