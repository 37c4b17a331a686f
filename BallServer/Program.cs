using BallAspire.ServiceDefaults;
using BallServer.Hosting;

// Before anything else: Ctrl+C at once is a clean end, too.
using var ending = new Ending();
ForgivingOutput.Install();
return await ServerRun.RunAsync(args, ending);
