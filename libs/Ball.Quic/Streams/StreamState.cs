namespace Ball.Quic.Streams;

/// <summary>Both halves of a stream, as the protocol sees them (RFC 9000, section 3).</summary>
sealed class StreamState(long id, SendBuffer? output, ReceiveBuffer? input)
{
    public long Id { get; } = id;

    public bool IsFromServer => (Id & 1) != 0;

    public bool IsUni => (Id & 2) != 0;

    /// <summary>What the API hangs on the stream.</summary>
    public object? Tag { get; set; }

    /// <summary>Null when this side may not send.</summary>
    public SendBuffer? Out { get; } = output;

    /// <summary>How far the peer lets us send.</summary>
    public long SendLimit { get; set; }

    public bool FinWritten { get; set; }

    /// <summary>The end is written but not, or not again, sent.</summary>
    public bool FinPending { get; set; }

    public bool FinAcked { get; set; }

    public long? ResetCode { get; set; }

    /// <summary>How much was sent before the reset.</summary>
    public long SentSize { get; set; }

    public bool ResetAcked { get; set; }

    /// <summary>The peer asked us to stop, with this code.</summary>
    public long? StoppedCode { get; set; }

    /// <summary>Null when the peer may not send.</summary>
    public ReceiveBuffer? In { get; } = input;

    /// <summary>How far we let the peer send.</summary>
    public long ReceiveLimit { get; set; }

    public long? FinalSize { get; set; }

    public bool EndRead { get; set; }

    /// <summary>The peer gave up its half, with this code.</summary>
    public long? PeerResetCode { get; set; }

    /// <summary>We asked the peer to stop, with this code; what still comes is thrown away.</summary>
    public long? StopCode { get; set; }

    public bool IsReleased { get; set; }

    public bool IsQueued { get; set; }

    public bool LimitUpdatePending { get; set; }

    /// <summary>Somebody waits for more to read.</summary>
    public bool ReaderWaits { get; set; }

    /// <summary>Somebody waits for room to write.</summary>
    public bool WriterWaits { get; set; }

    /// <summary>One past the highest byte that came, thrown away or not.</summary>
    public long HighestReceived { get; set; }

    public bool IsSendDone => Out is null || ResetAcked || (FinAcked && Out.AllAcked);

    public bool IsReceiveDone => In is null || EndRead || PeerResetCode is not null
        || (StopCode is not null && FinalSize is not null);

    public bool HasToSend => Out is not null && ResetCode is null
        && (Out.HasLost || FinPending || (Out.HasNew && Out.Next < SendLimit));
}
