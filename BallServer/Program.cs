using BallAspire.ServiceDefaults;
using BallServer.Hosting;
using BallServer.Options;

var parsed = ServerOptions.Parse(args, ProcessConfiguration.Read());
if (parsed.Options is not { } options)
    return parsed.Tell(Console.Out, Console.Error);

using var ending = new Ending();
return await ServerRun.RunAsync(options, ending);
