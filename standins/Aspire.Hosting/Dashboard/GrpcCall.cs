using System.Buffers.Binary;
using System.Globalization;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace Aspire.Hosting.Dashboard;

/// <summary>One gRPC call on plain HTTP/2: framed messages, the outcome in the trailers.</summary>
internal sealed class GrpcCall(HttpContext context)
{
    public const int Ok = 0;
    public const int Cancelled = 1;
    public const int Unimplemented = 12;
    public const int Internal = 13;
    public const int Unauthenticated = 16;

    private const int MaxRequest = 4 * 1024 * 1024;

    /// <summary>Ends a call before it has begun.</summary>
    public static void Refuse(HttpContext context, int status)
    {
        context.Response.ContentType = "application/grpc";
        context.Response.Headers["grpc-status"] = status.ToString(CultureInfo.InvariantCulture);
    }

    public async Task<T> ReadAsync<T>(MessageParser<T> parser) where T : IMessage<T>
    {
        var header = new byte[5];
        await context.Request.Body.ReadExactlyAsync(header, context.RequestAborted).ConfigureAwait(false);
        var length = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(1));
        if (header[0] != 0 || length > MaxRequest) throw new InvalidDataException("The message is compressed or too long.");
        var body = new byte[length];
        await context.Request.Body.ReadExactlyAsync(body, context.RequestAborted).ConfigureAwait(false);
        return parser.ParseFrom(body);
    }

    public async Task WriteAsync(IMessage message)
    {
        await BeginAsync().ConfigureAwait(false);
        var length = message.CalculateSize();
        var frame = new byte[5 + length];
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)length);
        message.WriteTo(frame.AsSpan(5));
        await context.Response.Body.WriteAsync(frame, context.RequestAborted).ConfigureAwait(false);
        await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    public async Task BeginAsync()
    {
        if (context.Response.HasStarted) return;
        context.Response.ContentType = "application/grpc";
        context.Response.DeclareTrailer("grpc-status");
        await context.Response.StartAsync(context.RequestAborted).ConfigureAwait(false);
        await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    public void End(int status)
    {
        if (!context.Response.HasStarted) Refuse(context, status);
        else context.Response.AppendTrailer("grpc-status", status.ToString(CultureInfo.InvariantCulture));
    }
}
