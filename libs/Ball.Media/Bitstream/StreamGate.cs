namespace Ball.Media.Bitstream;

/// <summary>
/// Looks at each access unit before the native decoder does. It lets through slices, and of the parameter sets those that the
/// slices refer to; and it notices what H.264 decoders prefer to gloss over: a reference frame that never came.
/// </summary>
internal sealed class StreamGate
{
    private const int MaxParameterSetBytes = 1024;

    /// <summary>Enough for a slice header up to the fields that matter, with emulation prevention.</summary>
    private const int SliceHeaderBytes = 48;

    private readonly SequenceParameters?[] _sequences = new SequenceParameters?[32];
    private readonly PictureParameters?[] _pictures = new PictureParameters?[256];
    private readonly byte[]?[] _sequenceBytes = new byte[]?[32];
    private readonly byte[]?[] _pictureBytes = new byte[]?[256];
    private readonly bool[] _pictureIsKnown = new bool[256];
    private readonly NalBuffer _sets = new();
    private readonly NalBuffer _slices = new();
    private int _activeSequence = -1;
    private int _lastReference;

    // The picture in the access unit at hand.
    private bool _hasPicture;
    private bool _isKeyframe;
    private bool _isReference;
    private int _frameNumber;
    private int _sequence;

    /// <summary>Whether everything that the next frame builds on has been decoded.</summary>
    public bool InSync { get; private set; }

    /// <summary>
    /// Whether the access unit starts the stream anew; its parameter sets are then all in <see cref="Passed"/>.
    /// </summary>
    public bool IsKeyframe => _isKeyframe;

    /// <summary>What the native decoder is to see of the access unit: one picture, or nothing.</summary>
    public ReadOnlySpan<byte> Passed => _sets.Bytes;

    /// <summary>From here on only a keyframe helps.</summary>
    public void LoseSync() => InSync = false;

    /// <summary>False when the access unit is not to be decoded: it is damaged, or what it builds on is missing.</summary>
    public bool Examine(ReadOnlySpan<byte> accessUnit)
    {
        _sets.Clear();
        _slices.Clear();
        _hasPicture = _isKeyframe = _isReference = false;
        var sound = true;
        while (AnnexB.TryNext(ref accessUnit, out var nal))
            sound &= Take(nal);
        if (!sound)
        {
            LoseSync();
            return false;
        }
        if (!_hasPicture)
            return true;
        if (_isKeyframe)
        {
            InSync = true;
            _activeSequence = _sequence;
        }
        else if (InSync && (_sequence != _activeSequence || !FollowsTheLast()))
        {
            LoseSync();
        }
        if (_isReference)
            _lastReference = _frameNumber;
        _sets.Add(_slices);
        return InSync;
    }

    private bool Take(ReadOnlySpan<byte> nal)
    {
        if (nal.IsEmpty)
            return true;
        if ((nal[0] & 0x80) != 0)
            return false;
        switch ((NalType)(nal[0] & 31))
        {
            case NalType.SequenceParameters:
                return TakeSequence(nal);
            case NalType.PictureParameters:
                return TakePicture(nal);
            case NalType.Slice or NalType.IdrSlice:
                return TakeSlice(nal);
            case >= NalType.PartitionA and <= NalType.PartitionC:
                return false;
            default:
                return true;
        }
    }

    private bool TakeSequence(ReadOnlySpan<byte> nal)
    {
        if (_hasPicture || nal.Length > MaxParameterSetBytes || !SequenceParameters.TryRead(nal[1..], out var read))
            return false;
        if (!nal.SequenceEqual(_sequenceBytes[read.Id]))
        {
            _sequenceBytes[read.Id] = nal.ToArray();
            _sequences[read.Id] = read;
            if (read.Id == _activeSequence)
                LoseSync();
        }
        return true;
    }

    private bool TakePicture(ReadOnlySpan<byte> nal)
    {
        if (_hasPicture || nal.Length > MaxParameterSetBytes || !PictureParameters.TryRead(nal[1..], out var read))
            return false;
        if (!nal.SequenceEqual(_pictureBytes[read.Id]))
        {
            _pictureBytes[read.Id] = nal.ToArray();
            _pictures[read.Id] = read;
            _pictureIsKnown[read.Id] = false;
        }
        return true;
    }

    private bool TakeSlice(ReadOnlySpan<byte> nal)
    {
        const uint intra = 2, predicted = 0;
        var bits = new BitReader(nal[1..Math.Min(nal.Length, SliceHeaderBytes)]);
        var firstMacroblock = bits.Unsigned();
        var type = bits.Unsigned();
        var pictureId = bits.Unsigned();
        if (bits.Failed || type > 9 || pictureId > 255)
            return false;
        if (_pictures[pictureId] is not { } picture || _sequences[picture.SequenceId] is not { } sequence)
            return false;
        var frameNumber = (int)bits.Bits(sequence.FrameNumberBits);
        var isKeyframe = (nal[0] & 31) == (int)NalType.IdrSlice;
        var isReference = (nal[0] & 0x60) != 0;
        if (bits.Failed || firstMacroblock >= sequence.Macroblocks || type % 5 is not (intra or predicted))
            return false;
        if (isKeyframe && (type % 5 != intra || frameNumber != 0 || !isReference))
            return false;
        if (_hasPicture)
        {
            // One access unit, one picture: its slices agree, and none comes twice.
            if (firstMacroblock == 0 || isKeyframe != _isKeyframe || frameNumber != _frameNumber
                || isReference != _isReference || picture.SequenceId != _sequence)
                return false;
        }
        else if (firstMacroblock != 0)
        {
            return false;
        }
        _hasPicture = true;
        _isKeyframe = isKeyframe;
        _isReference = isReference;
        _frameNumber = frameNumber;
        _sequence = picture.SequenceId;
        PassSets(picture);
        _slices.Add(nal);
        return true;
    }

    /// <summary>
    /// A keyframe brings all it refers to, also to a decoder that starts with it; other frames only what is new.
    /// </summary>
    private void PassSets(PictureParameters picture)
    {
        if (_isKeyframe && _slices.IsEmpty)
        {
            Array.Clear(_pictureIsKnown);
            _sets.Add(_sequenceBytes[picture.SequenceId]);
        }
        if (_pictureIsKnown[picture.Id])
            return;
        _pictureIsKnown[picture.Id] = true;
        _sets.Add(_pictureBytes[picture.Id]);
    }

    private bool FollowsTheLast()
    {
        var modulus = 1 << _sequences[_sequence]!.Value.FrameNumberBits;
        return _frameNumber == (_lastReference + 1) % modulus;
    }
}
