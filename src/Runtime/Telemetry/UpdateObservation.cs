using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Lanyard.Telemetry;

/// <summary>Tells observers of one load or refit: an activity, the metrics, a line in the log at its end.</summary>
internal sealed partial class UpdateObservation(string model, string mode, ILogger? logger)
{
    private readonly Activity? _activity = Start();
    private readonly long _start = Stopwatch.GetTimestamp();
    private Activity? _commit;

    /// <summary>The activity of a commit, to be disposed when it ends; null where nobody listens.</summary>
    // With its parent, for the update's activity is current for nobody.
    public Activity? Commit() => _commit = LanyardTelemetry.Source.StartActivity(LanyardTelemetry.CommitActivity, ActivityKind.Internal, _activity?.Context ?? default);

    /// <summary>The activity of making new values, to be disposed when they are made; null where nobody listens.</summary>
    public Activity? Prepare() => LanyardTelemetry.Source.StartActivity(LanyardTelemetry.PrepareActivity, ActivityKind.Internal, (_commit ?? _activity)?.Context ?? default);

    /// <summary>Called once, at the end. What observers throw changes nothing any more, and would hide what did.</summary>
    public void End(string outcome, int slots, long bytes, string? version, string? reason, IReadOnlyCollection<string>? warnings = null)
    {
        try
        {
            Tell(outcome, slots, bytes, version, reason);
            if (logger is null || warnings is null) return;
            foreach (var warning in warnings) LogWarning(logger, mode, warning);
        }
        catch (Exception e)
        {
            Trace.TraceError($"An observer of a load or a refit failed: {e}");
        }
    }

    /// <summary>
    /// An activity that is current for nobody: a session may end in another flow than the one in which it began. Where it begins within one that is not
    /// recorded, as a request of a server that traces none of them, it is a trace of its own, and linked to that one.
    /// </summary>
    private static Activity? Start()
    {
        var current = Activity.Current;
        if (current is { Recorded: false }) Activity.Current = null;
        try
        {
            return current is { Recorded: false }
                ? LanyardTelemetry.Source.StartActivity(LanyardTelemetry.UpdateActivity, ActivityKind.Internal, default(ActivityContext), links: [new ActivityLink(current.Context)])
                : LanyardTelemetry.Source.StartActivity(LanyardTelemetry.UpdateActivity);
        }
        finally
        {
            Activity.Current = current;
        }
    }

    private void Tell(string outcome, int slots, long bytes, string? version, string? reason)
    {
        var duration = Stopwatch.GetElapsedTime(_start);
        KeyValuePair<string, object?> modelTag = new(LanyardTelemetry.ModelTag, model), modeTag = new(LanyardTelemetry.ModeTag, mode), outcomeTag = new(LanyardTelemetry.OutcomeTag, outcome);
        LanyardTelemetry.Slots.Add(slots, modelTag, modeTag);
        LanyardTelemetry.Bytes.Add(bytes, modelTag, modeTag);
        LanyardTelemetry.Duration.Record(duration.TotalSeconds, modelTag, modeTag, outcomeTag);
        _activity?.SetTag(LanyardTelemetry.ModelTag, model).SetTag(LanyardTelemetry.VersionTag, version).SetTag(LanyardTelemetry.ModeTag, mode).SetTag(LanyardTelemetry.OutcomeTag, outcome).SetTag(LanyardTelemetry.SlotsTag, slots).SetTag(LanyardTelemetry.BytesTag, bytes);
        if (reason is not null) _activity?.SetTag(LanyardTelemetry.ReasonTag, reason).SetStatus(ActivityStatusCode.Error, reason);
        // The inner one first: what was current before it is the caller's, and stays so.
        _commit?.Dispose();
        var current = Activity.Current;
        _activity?.Dispose();
        Activity.Current = current;
        if (logger is null) return;
        if (outcome == "torn") LogTorn(logger, mode, slots, reason);
        else if (reason is not null) LogAbandoned(logger, mode, outcome, slots, bytes, duration, reason);
        else LogEnd(logger, mode, outcome, slots, bytes, duration);
    }

    [LoggerMessage(1, LogLevel.Information, "{Mode} update {Outcome}: {Slots} slots, {Bytes} bytes in {Duration}")]
    private static partial void LogEnd(ILogger logger, string mode, string outcome, int slots, long bytes, TimeSpan duration);

    [LoggerMessage(3, LogLevel.Warning, "{Mode} update: {Warning}")]
    private static partial void LogWarning(ILogger logger, string mode, string warning);

    [LoggerMessage(2, LogLevel.Error, "{Mode} update ended after {Slots} slots without completing ({Reason}): the model is torn and refuses to run until a complete refit")]
    private static partial void LogTorn(ILogger logger, string mode, int slots, string? reason);

    [LoggerMessage(4, LogLevel.Warning, "{Mode} update {Outcome}: {Slots} slots, {Bytes} bytes in {Duration}, since {Reason}")]
    private static partial void LogAbandoned(ILogger logger, string mode, string outcome, int slots, long bytes, TimeSpan duration, string reason);
}
