using System.Diagnostics;
using System.Diagnostics.Metrics;
using Lanyard.Tests.Models;
using Microsoft.Extensions.Logging;
using static TorchSharp.torch;

namespace Lanyard.Tests.Refit;

public sealed class TelemetryTests
{
    [Fact]
    public void Loads_and_refits_can_be_observed_by_activities_metrics_and_a_log()
    {
        using var scene = new TinyScene();
        var (activities, lines, durations) = (new List<Activity>(), new List<string>(), new List<(double Value, string Outcome)>());
        using var parent = new Activity("test") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();
        using var listener = new ActivityListener { ShouldListenTo = source => source.Name == LanyardTelemetry.Name, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData, ActivityStopped = activity => { lock (activities) if (activity.TraceId == parent.TraceId) activities.Add(activity); } };
        ActivitySource.AddActivityListener(listener);
        using var meters = new MeterListener { InstrumentPublished = (instrument, meter) => { if (instrument.Name == LanyardTelemetry.DurationMetric) meter.EnableMeasurementEvents(instrument); } };
        meters.SetMeasurementEventCallback<double>((_, value, tags, _) => { lock (durations) durations.Add((value, (string)tags.ToArray().Single(tag => tag.Key == LanyardTelemetry.OutcomeTag).Value!)); });
        meters.Start();
        var options = new LoadOptions { Logger = new Lines(lines) };

        scene.Load(scene.First, options: options);
        scene.Model.BeginRefit(options: options).Dispose();
        using (var refit = scene.Model.BeginRefit(RefitMode.InPlace, options: options)) refit.Write("norm.weight", scene.Second["norm.weight"]);

        // Other tests load and refit meanwhile.
        List<(double Value, string Outcome)> seen;
        lock (durations) seen = [.. durations];
        Assert.Equal(["committed", "abandoned", "torn"], activities.Where(activity => activity.OperationName == LanyardTelemetry.UpdateActivity).Select(activity => activity.GetTagItem(LanyardTelemetry.OutcomeTag)));
        Assert.Equal(ActivityStatusCode.Error, activities.Last(activity => activity.OperationName == LanyardTelemetry.UpdateActivity).Status);
        Assert.Single(activities, activity => activity.OperationName == LanyardTelemetry.CommitActivity);
        Assert.All(["committed", "abandoned", "torn"], outcome => Assert.Contains(seen, duration => duration.Outcome == outcome && duration.Value >= 0));
        Assert.Equal(2, activities.Count(activity => (string?)activity.GetTagItem(LanyardTelemetry.ReasonTag) == "it was not committed"));
        Assert.Equal(3, lines.Count);
        Assert.StartsWith("Warning: Staged update abandoned: 0 slots, 0 bytes in ", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("since it was not committed", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("Information: InPlace update committed: 13 slots", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("Error: InPlace update ended after 1 slots without completing", lines[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_was_the_current_activity_is_it_again_after_an_update(bool committed)
    {
        using var scene = new TinyScene();
        using var listener = new ActivityListener { ShouldListenTo = source => source.Name == LanyardTelemetry.Name, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData };
        ActivitySource.AddActivityListener(listener);
        using var parent = new Activity("request").Start();

        scene.Load(scene.First);
        Assert.Same(parent, Activity.Current);
        using (var refit = scene.Model.BeginRefit(scope: RefitScope.Subset))
        {
            if (committed) refit.Commit();
        }
        Assert.Same(parent, Activity.Current);
    }

    [Fact]
    public void A_session_of_two_requests_leaves_each_its_own_activity()
    {
        using var scene = new TinyScene();
        scene.Load(scene.First);
        var stopped = new List<Activity>();
        using var listener = new ActivityListener { ShouldListenTo = source => source.Name == LanyardTelemetry.Name, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData, ActivityStopped = activity => { lock (stopped) stopped.Add(activity); } };
        ActivitySource.AddActivityListener(listener);
        RefitSession refit;
        ActivityTraceId trace;
        using (var first = new Activity("first") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start())
        {
            trace = first.TraceId;
            refit = scene.Model.BeginRefit(scope: RefitScope.Subset);
            Assert.Same(first, Activity.Current);
        }
        using (var second = new Activity("second").Start())
        {
            refit.Commit();
            Assert.Same(second, Activity.Current);
        }
        lock (stopped) Assert.Equal([LanyardTelemetry.PrepareActivity, LanyardTelemetry.CommitActivity, LanyardTelemetry.UpdateActivity], stopped.Where(activity => activity.TraceId == trace).Select(activity => activity.OperationName));
    }

    [Fact]
    public void Within_a_request_that_is_not_recorded_it_is_a_trace_of_its_own_with_a_link()
    {
        using var scene = new TinyScene();
        scene.Load(scene.First);
        var stopped = new List<Activity>();
        using var listener = new ActivityListener { ShouldListenTo = source => source.Name == LanyardTelemetry.Name, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData, ActivityStopped = activity => { lock (stopped) stopped.Add(activity); } };
        ActivitySource.AddActivityListener(listener);
        using var request = new Activity("request").Start();
        using (var refit = scene.Model.BeginRefit())
        {
            refit.Write(scene.Second);
            refit.Commit();
        }
        lock (stopped)
        {
            var update = Assert.Single(stopped, activity => activity.Links.Any(link => link.Context.TraceId == request.TraceId));
            Assert.Equal((LanyardTelemetry.UpdateActivity, default), (update.OperationName, update.ParentSpanId));
            Assert.Equal([LanyardTelemetry.PrepareActivity, LanyardTelemetry.CommitActivity, LanyardTelemetry.UpdateActivity], stopped.Where(activity => activity.TraceId == update.TraceId).Select(activity => activity.OperationName));
        }
        Assert.Same(request, Activity.Current);
    }

    private sealed class Lines(List<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Add($"{logLevel}: {formatter(state, exception)}");
    }
}
