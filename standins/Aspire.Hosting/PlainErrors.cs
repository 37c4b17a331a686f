using System.Runtime.CompilerServices;

namespace Aspire.Hosting;

/// <summary>
/// A graph that is described wrongly is the AppHost author's mistake: the message says what to do, and where in this library it
/// was found helps nobody. So the program ends with the message alone.
/// </summary>
internal static class PlainErrors
{
    private static readonly ConditionalWeakTable<AppDomain, object> s_installed = [];

    public static void Print() => s_installed.GetValue(AppDomain.CurrentDomain, domain =>
    {
        domain.UnhandledException += (_, e) =>
        {
            if (e.ExceptionObject is not Exception error || !IsAboutTheGraph(error)) return;
            Console.Error.WriteLine(error.Message);
            Environment.Exit(2);
        };
        return new object();
    });

    /// <summary>Ours, or an argument that one of the graph's words refuses.</summary>
    private static bool IsAboutTheGraph(Exception error) =>
        error is DistributedApplicationException
        || (error is ArgumentException && error.TargetSite?.DeclaringType?.Assembly == typeof(PlainErrors).Assembly);
}
