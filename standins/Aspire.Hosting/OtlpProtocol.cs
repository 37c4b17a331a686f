namespace Aspire.Hosting;

/// <summary>How telemetry travels.</summary>
public enum OtlpProtocol
{
    /// <summary>gRPC.</summary>
    Grpc,

    /// <summary>Protobuf over http.</summary>
    HttpProtobuf,

    /// <summary>JSON over http.</summary>
    HttpJson,
}
