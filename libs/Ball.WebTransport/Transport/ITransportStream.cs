namespace Ball.WebTransport.Transport;

/// <summary>A QUIC stream. Disposing ends it cleanly: what was written is delivered.</summary>
interface ITransportStream : IAsyncDisposable
{
    long Id { get; }

    bool CanRead { get; }

    bool CanWrite { get; }

    /// <summary>0 at the end.</summary>
    ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation);

    ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellation);

    void CompleteWrites();

    void AbortRead(long code);

    void AbortWrite(long code);
}
