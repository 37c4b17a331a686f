using System.Collections.Concurrent;
using Ball.Quic.Packets;
using Ball.WebTransport.Qpack;
using Ball.WebTransport.Sessions;
using Ball.WebTransport.Transport;
using Microsoft.Extensions.Logging;

namespace Ball.WebTransport.Http3;

/// <summary>
/// One connection: tells streams apart and brings them to their sessions. Every stream is handled on its own, since any of
/// them may stay silent for ever.
/// </summary>
sealed class Http3Connection(
    ITransportConnection connection, ISessionHost host, WebTransportServerOptions options, TimeProvider time, ILogger logger)
{
    private const int MaxWaitingStreams = 128;
    private static readonly TimeSpan s_sessionPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_linger = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<long, WebTransportSession> _sessions = new();
    private readonly ConcurrentDictionary<long, TaskCompletionSource> _awaited = new();
    private readonly ConcurrentDictionary<Task, byte> _tasks = new();
    private readonly CancellationTokenSource _ended = new();
    private int _waiting;
    private bool _hadControl;

    public ICollection<WebTransportSession> Sessions => _sessions.Values;

    public async Task RunAsync(CancellationToken stopping)
    {
        using var stop = stopping.UnsafeRegister(_ => _ended.Cancel(), null);

        // Held until the end: were it collected, the peer would see its control stream close, which is an error.
        ITransportStream? control = null;
        try
        {
            control = await connection.OpenStreamAsync(true, _ended.Token).ConfigureAwait(false);
            await control.WriteAsync(Settings.ControlStreamStart(), _ended.Token).ConfigureAwait(false);
            Track(ReceiveDatagramsAsync());
            while (true)
            {
                var stream = await connection.AcceptStreamAsync(_ended.Token).ConfigureAwait(false);
                Track(HandleAsync(stream));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
        {
            logger.LogDebug("A WebTransport connection ended: {Reason}", exception.Message);
        }
        finally
        {
            await _ended.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(_tasks.Keys).ConfigureAwait(false);
            await connection.CloseAsync(Http3Code.NoError, "").ConfigureAwait(false);
            if (control is not null)
                await control.DisposeAsync().ConfigureAwait(false);
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void Track(Task task)
    {
        _tasks[task] = 0;
        _ = task.ContinueWith(
            done => _tasks.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private async Task HandleAsync(ITransportStream stream)
    {
        bool handedOver = false;
        try
        {
            var input = new StreamInput(stream);
            if (await input.ReadVarIntAsync(_ended.Token).ConfigureAwait(false) is { } type)
            {
                handedOver = stream.CanWrite
                    ? await HandleBidiAsync(stream, input, type).ConfigureAwait(false)
                    : await HandleUniAsync(stream, input, type).ConfigureAwait(false);
            }
        }
        catch (Http3Exception exception)
        {
            logger.LogDebug("A peer broke HTTP/3's rules: {What}", exception.Message);
            await connection.CloseAsync(exception.Code, exception.Message).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The stream or the connection ended; whoever used it has been told.
        }
        finally
        {
            if (!handedOver)
                await stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<bool> HandleUniAsync(ITransportStream stream, StreamInput input, long type)
    {
        switch (type)
        {
            case Http3Code.WebTransportUniStream:
                return await HandOverAsync(stream, input).ConfigureAwait(false);
            case Http3Code.ControlStream:
                await ReadControlAsync(input).ConfigureAwait(false);
                return false;
            case Http3Code.QpackEncoderStream or Http3Code.QpackDecoderStream:
                // Without a dynamic table there is nothing to learn here.
                while (await input.SkipAsync(4096, _ended.Token).ConfigureAwait(false))
                {
                }

                return false;
            case Http3Code.PushStream:
                throw new Http3Exception(Http3Code.StreamCreationError, "a client does not push");
            default:
                stream.AbortRead(Http3Code.StreamCreationError);
                return false;
        }
    }

    private async Task<bool> HandleBidiAsync(ITransportStream stream, StreamInput input, long type)
    {
        if (type == Http3Code.WebTransportBidiStream)
            return await HandOverAsync(stream, input).ConfigureAwait(false);

        long? frame = type;
        while (frame is not null && await input.ReadVarIntAsync(_ended.Token).ConfigureAwait(false) is { } length)
        {
            if (frame is Http3Code.DataFrame or Http3Code.SettingsFrame)
                throw new Http3Exception(Http3Code.FrameUnexpected, "a request without headers");
            if (frame == Http3Code.HeadersFrame)
            {
                await HandleRequestAsync(stream, input, length).ConfigureAwait(false);
                return false;
            }

            if (!await input.SkipAsync(length, _ended.Token).ConfigureAwait(false))
                break;
            frame = await input.ReadVarIntAsync(_ended.Token).ConfigureAwait(false);
        }

        return false;
    }

    private async Task ReadControlAsync(StreamInput input)
    {
        if (Interlocked.Exchange(ref _hadControl, true))
            throw new Http3Exception(Http3Code.StreamCreationError, "a second control stream");
        bool first = true;
        while (await input.ReadVarIntAsync(_ended.Token).ConfigureAwait(false) is { } type
            && await input.ReadVarIntAsync(_ended.Token).ConfigureAwait(false) is { } length)
        {
            if (first != (type == Http3Code.SettingsFrame))
            {
                long code = first ? Http3Code.MissingSettings : Http3Code.FrameUnexpected;
                throw new Http3Exception(code, "settings come first, and once");
            }

            if (type is Http3Code.DataFrame or Http3Code.HeadersFrame)
                throw new Http3Exception(Http3Code.FrameUnexpected, "a request on the control stream");
            first = false;
            if (!await input.SkipAsync(length, _ended.Token).ConfigureAwait(false))
                break;
        }

        throw new Http3Exception(0x104, "the control stream was closed");
    }

    private async Task HandleRequestAsync(ITransportStream stream, StreamInput input, long length)
    {
        if (length > options.MaxHeaders)
            throw new Http3Exception(Http3Code.ExcessiveLoad, "too many headers");
        var block = new byte[length];
        if (!await input.ReadExactlyAsync(block, _ended.Token).ConfigureAwait(false))
            return;
        var fields = FieldSection.Decode(block)
            ?? throw new Http3Exception(Http3Code.QpackDecompressionFailed, "malformed headers");

        string? Field(string name) => fields.Find(field => field.Name == name) is { Name: not null } found ? found.Value : null;
        if (Field(":method") != "CONNECT" || Field(":protocol") != "webtransport" || Field(":path") is not { } path)
        {
            await AnswerAsync(stream, 404).ConfigureAwait(false);
            return;
        }

        var request = new WebTransportRequest(path, Field(":authority") ?? "", Field("origin"), connection.Remote);
        int status = host.Admit(request);
        if (status != 200)
        {
            await AnswerAsync(stream, status).ConfigureAwait(false);
            return;
        }

        try
        {
            await ServeAsync(stream, input, request).ConfigureAwait(false);
        }
        finally
        {
            host.Release();
        }

        // A page that closes its last session leaves the connection to us. Not at once: Chromium would report a lost
        // connection instead of the session's end, which it tells its page a moment later.
        await Task.Delay(s_linger, time, _ended.Token).ConfigureAwait(false);
        if (_sessions.IsEmpty)
            await connection.CloseAsync(Http3Code.NoError, "").ConfigureAwait(false);
    }

    private async Task ServeAsync(ITransportStream stream, StreamInput input, WebTransportRequest request)
    {
        var session = new WebTransportSession(connection, stream, request, options, time);
        _sessions[session.Id] = session;
        try
        {
            await WriteStatusAsync(stream, 200).ConfigureAwait(false);
            if (_awaited.TryRemove(session.Id, out var waiters))
                waiters.TrySetResult();
            host.Publish(session);
            await session.RunAsync(input, _ended.Token).ConfigureAwait(false);
            stream.CompleteWrites();
        }
        finally
        {
            _sessions.TryRemove(session.Id, out _);
        }
    }

    private async Task AnswerAsync(ITransportStream stream, int status)
    {
        await WriteStatusAsync(stream, status).ConfigureAwait(false);
        stream.CompleteWrites();
    }

    private async Task WriteStatusAsync(ITransportStream stream, int status)
    {
        byte[] fields = FieldSection.EncodeStatus(status);
        byte[] frame = [(byte)Http3Code.HeadersFrame, (byte)fields.Length, .. fields];
        await stream.WriteAsync(frame, _ended.Token).ConfigureAwait(false);
    }

    // A stream may overtake the request that opens its session.
    private async Task<bool> HandOverAsync(ITransportStream stream, StreamInput input)
    {
        if (await input.ReadVarIntAsync(_ended.Token).ConfigureAwait(false) is not { } id)
            return false;
        if ((id & 3) != 0)
            throw new Http3Exception(0x108, "a stream of what is no session");
        if (!_sessions.ContainsKey(id))
            await WaitForSessionAsync(id).ConfigureAwait(false);
        if (_sessions.TryGetValue(id, out var session))
        {
            session.Add(stream, input);
            return true;
        }

        stream.AbortRead(Http3Code.BufferedStreamRejected);
        if (stream.CanWrite)
            stream.AbortWrite(Http3Code.BufferedStreamRejected);
        return false;
    }

    private async Task WaitForSessionAsync(long id)
    {
        if (Interlocked.Increment(ref _waiting) <= MaxWaitingStreams)
        {
            var come = _awaited.GetOrAdd(id, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            if (!_sessions.ContainsKey(id))
            {
                var patience = Task.Delay(s_sessionPatience, time, _ended.Token);
                await Task.WhenAny(come.Task, patience).ConfigureAwait(false);
            }

            _awaited.TryRemove(id, out _);
        }

        Interlocked.Decrement(ref _waiting);
    }

    private async Task ReceiveDatagramsAsync()
    {
        var buffer = new byte[2048];
        try
        {
            while (true)
            {
                int length = await connection.ReceiveDatagramAsync(buffer, _ended.Token).ConfigureAwait(false);
                if (VarInt.TryRead(buffer.AsSpan(0, length), out long quarter, out int prefix)
                    && quarter <= VarInt.Max / 4 && _sessions.TryGetValue(quarter * 4, out var session))
                    session.Add(buffer.AsSpan(prefix..length));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The connection is over; its sessions learn it from their own streams.
        }
    }
}
