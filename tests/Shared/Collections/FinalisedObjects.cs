using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Tracing;

namespace Lanyard.Tests.Collections;

/// <summary>Counts the objects of a type that nobody disposed of and the collector finalised, in the whole process.</summary>
internal sealed class FinalisedObjects : EventListener
{
    private const EventKeywords Collections = (EventKeywords)1;

    private readonly ConcurrentDictionary<nint, int> _counts = new();

    /// <summary>Finalises what is dead now, and waits until everything up to here has been counted.</summary>
    public int Of(Type type)
    {
        var before = _counts.GetValueOrDefault(typeof(Sentinel).TypeHandle.Value);
        for (var start = Stopwatch.GetTimestamp(); _counts.GetValueOrDefault(typeof(Sentinel).TypeHandle.Value) == before;)
        {
            if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(20)) throw new TimeoutException("The runtime does not say what it finalises.");
            Sentinel.Leave();
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Thread.Sleep(20);
        }
        return _counts.GetValueOrDefault(type.TypeHandle.Value);
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Microsoft-Windows-DotNETRuntime") EnableEvents(eventSource, EventLevel.Verbose, Collections);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData is { EventName: "FinalizeObject", Payload: [IntPtr type, ..] }) _counts.AddOrUpdate(type, 1, static (_, count) => count + 1);
    }

    private sealed class Sentinel
    {
        public static void Leave() => _ = new Sentinel();

        ~Sentinel()
        {
        }
    }
}
