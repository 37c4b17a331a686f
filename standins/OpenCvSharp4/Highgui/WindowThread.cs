using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace OpenCvSharp;

/// <summary>
/// The one thread that talks to the window toolkit, which is bound to the thread that first used it. Callers may come from
/// any thread; each waits for its own call.
/// </summary>
internal sealed class WindowThread
{
    private readonly BlockingCollection<Call> _calls = new(boundedCapacity: 64);

    public WindowThread() =>
        new Thread(Work) { IsBackground = true, Name = "OpenCV windows" }.Start();

    public T Do<T>(Func<T> work)
    {
        var result = default(T)!;
        using var call = new Call(() => result = work());
        _calls.Add(call);
        call.Wait();
        return result;
    }

    private void Work()
    {
        foreach (var call in _calls.GetConsumingEnumerable())
            call.Run();
    }

    private sealed class Call(Action work) : IDisposable
    {
        private readonly ManualResetEventSlim _done = new();
        private ExceptionDispatchInfo? _failure;

        public void Run()
        {
            try
            {
                work();
            }
            catch (Exception e)
            {
                // It belongs to the caller, who gets it in Wait.
                _failure = ExceptionDispatchInfo.Capture(e);
            }
            _done.Set();
        }

        public void Wait()
        {
            _done.Wait();
            _failure?.Throw();
        }

        public void Dispose() => _done.Dispose();
    }
}
