using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Lanyard;

/// <summary>The names under which loads and refits can be observed. They are part of the public surface: dashboards depend on them.</summary>
public static class LanyardTelemetry
{
    /// <summary>The name of the activity source and of the meter.</summary>
    public const string Name = "Lanyard";

    /// <summary>An activity that spans a load or a refit from its begin to its end. Tags: <see cref="ModeTag"/>, <see cref="OutcomeTag"/>, <see cref="ReasonTag"/>, <see cref="VersionTag"/>, <see cref="SlotsTag"/>, <see cref="BytesTag"/>.</summary>
    public const string UpdateActivity = "lanyard.update";

    /// <summary>An activity that spans the commit of a load or a refit: post-load methods and the move into live storage.</summary>
    public const string CommitActivity = "lanyard.commit";

    /// <summary>An activity that spans the making of new values: what came is checked, post-load methods run. Nothing is live yet.</summary>
    public const string PrepareActivity = "lanyard.prepare";

    /// <summary>A counter of slots written, by <see cref="ModelTag"/> and <see cref="ModeTag"/>.</summary>
    public const string SlotsMetric = "lanyard.slots";

    /// <summary>A counter of bytes written into parameters, by <see cref="ModelTag"/> and <see cref="ModeTag"/>; unit: bytes.</summary>
    public const string BytesMetric = "lanyard.bytes";

    /// <summary>A histogram of the duration of loads and refits, by <see cref="ModelTag"/>, <see cref="ModeTag"/> and <see cref="OutcomeTag"/>; unit: seconds.</summary>
    public const string DurationMetric = "lanyard.update.duration";

    /// <summary>A gauge of the state of each model with everything below it, by <see cref="ModelTag"/>, <see cref="ModelNumberTag"/> and <see cref="StateTag"/>: the number of the <see cref="ModelState"/>, 1 where it is loaded.</summary>
    public const string StateMetric = "lanyard.model.state";

    /// <summary>A gauge of <see cref="ParameterSet.Generation"/>, by <see cref="ModelTag"/> and <see cref="ModelNumberTag"/>.</summary>
    public const string GenerationMetric = "lanyard.model.generation";

    /// <summary>A gauge that is 1, by <see cref="ModelTag"/>, <see cref="ModelNumberTag"/> and <see cref="VersionTag"/>.</summary>
    public const string VersionMetric = "lanyard.model.version";

    /// <summary>The number of the model in its process, since several may be of one class.</summary>
    public const string ModelNumberTag = "lanyard.model.number";

    /// <summary>The name of the state.</summary>
    public const string StateTag = "lanyard.state";

    /// <summary>The class of the model.</summary>
    public const string ModelTag = "lanyard.model";

    /// <summary>What the weights are called: <see cref="LoadOptions.Version"/>.</summary>
    public const string VersionTag = "lanyard.version";

    /// <summary>How the model is kept whole: <c>Staged</c> or <c>InPlace</c>.</summary>
    public const string ModeTag = "lanyard.mode";

    /// <summary>How it ended: <c>committed</c>, <c>abandoned</c> or <c>torn</c>.</summary>
    public const string OutcomeTag = "lanyard.outcome";

    /// <summary>Why it was abandoned, or left the model torn.</summary>
    public const string ReasonTag = "lanyard.reason";

    /// <summary>The slots written.</summary>
    public const string SlotsTag = "lanyard.slots";

    /// <summary>The bytes written.</summary>
    public const string BytesTag = "lanyard.bytes";

    internal static Meter Meter { get; } = new(Name);

    internal static ActivitySource Source { get; } = new(Name);

    internal static Counter<long> Slots { get; } = Meter.CreateCounter<long>(SlotsMetric, description: "Slots written by loads and refits.");

    internal static Counter<long> Bytes { get; } = Meter.CreateCounter<long>(BytesMetric, "By", "Bytes written into parameters.");

    internal static Histogram<double> Duration { get; } = Meter.CreateHistogram<double>(DurationMetric, "s", "Duration of loads and refits.", tags: null, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600] });
}
