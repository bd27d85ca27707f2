using System.Diagnostics.Metrics;

namespace Lanyard.Live;

/// <summary>The models of the process that were loaded, refitted or read out, as long as they are alive.</summary>
internal static class LiveModels
{
    private static readonly Lock Gate = new();
    private static readonly List<(WeakReference<ParameterSet> Root, int Number)> Known = [];
    private static int _count;

    // With the first model: before it there is nothing to tell.
    static LiveModels()
    {
        LanyardTelemetry.Meter.CreateObservableGauge(LanyardTelemetry.StateMetric, () => Measure(static root => (long)TreeState.Of(root).State, static (root, tags) => tags.Add(new(LanyardTelemetry.StateTag, $"{TreeState.Of(root).State}"))), description: "The state of each model: 1 where it is loaded.");
        LanyardTelemetry.Meter.CreateObservableGauge(LanyardTelemetry.GenerationMetric, () => Measure(static root => root.Generation), description: "How often the weights of each model changed.");
        LanyardTelemetry.Meter.CreateObservableGauge(LanyardTelemetry.VersionMetric, () => Measure(static _ => 1L, static (root, tags) => tags.Add(new(LanyardTelemetry.VersionTag, root.Version))), description: "One for each model, with the version of its weights.");
    }

    /// <summary>Enters a root, once.</summary>
    /// <returns>The roots that are alive beside it.</returns>
    public static List<ParameterSet> Enter(ParameterSet root)
    {
        lock (Gate)
        {
            Known.RemoveAll(static known => !known.Root.TryGetTarget(out _));
            if (!Known.Exists(known => known.Root.TryGetTarget(out var own) && ReferenceEquals(own, root))) Known.Add((new(root), ++_count));
            return [.. Alive().Select(known => known.Root).Where(other => !ReferenceEquals(other, root))];
        }
    }

    private static IEnumerable<(ParameterSet Root, int Number)> Alive()
    {
        foreach (var (known, number) in Known)
        {
            if (known.TryGetTarget(out var root)) yield return (root, number);
        }
    }

    private static List<Measurement<long>> Measure(Func<ParameterSet, long> value, Action<ParameterSet, List<KeyValuePair<string, object?>>>? tag = null)
    {
        List<(ParameterSet Root, int Number)> models;
        lock (Gate) models = [.. Alive().Where(static model => model.Root.State != ModelState.Disposed && !model.Root.Neighbours.IsPart)];
        var measured = new List<Measurement<long>>();
        foreach (var (root, number) in models)
        {
            var tags = new List<KeyValuePair<string, object?>> { new(LanyardTelemetry.ModelTag, root.Map.Type), new(LanyardTelemetry.ModelNumberTag, number) };
            tag?.Invoke(root, tags);
            measured.Add(new Measurement<long>(value(root), tags));
        }
        return measured;
    }
}
