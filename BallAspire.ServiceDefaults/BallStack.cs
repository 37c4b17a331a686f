using System.Reflection;

namespace BallAspire.ServiceDefaults;

/// <summary>Which packages this program was built on: <c>standins</c> or <c>upstream</c> (see the README).</summary>
public static class BallStack
{
    public static string Name { get; } =
        typeof(BallStack).Assembly
            .GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(attribute => attribute.Key == "ball.stack").Value!;
}
