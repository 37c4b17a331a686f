using BallAspire.ServiceDefaults;
using BallClient.Hosting;

// Before anything else: Ctrl+C at once is a clean end, too.
using var ending = new Ending();
ForgivingOutput.Install();
return await ClientRun.RunAsync(args, ending);
