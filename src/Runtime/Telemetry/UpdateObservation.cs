using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Lanyard.Telemetry;

/// <summary>Tells observers of one load or refit: an activity, the metrics, a line in the log at its end.</summary>
internal sealed partial class UpdateObservation(string mode, ILogger? logger)
{
    private readonly Activity? _activity = Start();
    private readonly long _start = Stopwatch.GetTimestamp();
    private Activity? _commit;

    /// <summary>The activity of a commit, to be disposed when it ends; null where nobody listens.</summary>
    // With its parent, for the update's activity is current for nobody.
    public Activity? Commit() => _commit = LanyardTelemetry.Source.StartActivity(LanyardTelemetry.CommitActivity, ActivityKind.Internal, _activity?.Context ?? default);

    /// <summary>Called once, at the end. What observers throw changes nothing any more, and would hide what did.</summary>
    public void End(string outcome, int slots, long bytes, IReadOnlyCollection<string>? warnings = null)
    {
        try
        {
            Tell(outcome, slots, bytes);
            if (logger is null || warnings is null) return;
            foreach (var warning in warnings) LogWarning(logger, mode, warning);
        }
        catch (Exception e)
        {
            Trace.TraceError($"An observer of a load or a refit failed: {e}");
        }
    }

    /// <summary>An activity that is current for nobody: a session may end in another flow than the one in which it began.</summary>
    private static Activity? Start()
    {
        var current = Activity.Current;
        var activity = LanyardTelemetry.Source.StartActivity(LanyardTelemetry.UpdateActivity);
        Activity.Current = current;
        return activity;
    }

    private void Tell(string outcome, int slots, long bytes)
    {
        var duration = Stopwatch.GetElapsedTime(_start);
        KeyValuePair<string, object?> modeTag = new(LanyardTelemetry.ModeTag, mode), outcomeTag = new(LanyardTelemetry.OutcomeTag, outcome);
        LanyardTelemetry.Slots.Add(slots, modeTag);
        LanyardTelemetry.Bytes.Add(bytes, modeTag);
        LanyardTelemetry.Duration.Record(duration.TotalSeconds, modeTag, outcomeTag);
        _activity?.SetTag(LanyardTelemetry.ModeTag, mode).SetTag(LanyardTelemetry.OutcomeTag, outcome).SetTag(LanyardTelemetry.SlotsTag, slots).SetTag(LanyardTelemetry.BytesTag, bytes);
        if (outcome == "torn") _activity?.SetStatus(ActivityStatusCode.Error, outcome);
        // The inner one first: what was current before it is the caller's, and stays so.
        _commit?.Dispose();
        var current = Activity.Current;
        _activity?.Dispose();
        Activity.Current = current;
        if (logger is null) return;
        if (outcome == "torn") LogTorn(logger, mode, slots);
        else LogEnd(logger, mode, outcome, slots, bytes, duration);
    }

    [LoggerMessage(1, LogLevel.Information, "{Mode} update {Outcome}: {Slots} slots, {Bytes} bytes in {Duration}")]
    private static partial void LogEnd(ILogger logger, string mode, string outcome, int slots, long bytes, TimeSpan duration);

    [LoggerMessage(3, LogLevel.Warning, "{Mode} update: {Warning}")]
    private static partial void LogWarning(ILogger logger, string mode, string warning);

    [LoggerMessage(2, LogLevel.Error, "{Mode} update ended after {Slots} slots without completing: the model is torn and refuses to run until a complete refit")]
    private static partial void LogTorn(ILogger logger, string mode, int slots);
}
