using BallAspire.ServiceDefaults;
using BallClient.Hosting;
using BallClient.Options;

var parsed = ClientOptions.Parse(args, ServerAddress.AddTo(ProcessConfiguration.Read()));
if (parsed.Options is not { } options)
    return parsed.Tell(Console.Out, Console.Error);

using var ending = new Ending();
return await ClientRun.RunAsync(options, ending);
