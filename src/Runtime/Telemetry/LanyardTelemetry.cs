using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Lanyard;

/// <summary>The names under which loads and refits can be observed. They are part of the public surface: dashboards depend on them.</summary>
public static class LanyardTelemetry
{
    /// <summary>The name of the activity source and of the meter.</summary>
    public const string Name = "Lanyard";

    /// <summary>An activity that spans a load or a refit from its begin to its end. Tags: <see cref="ModeTag"/>, <see cref="OutcomeTag"/>, <see cref="SlotsTag"/>, <see cref="BytesTag"/>.</summary>
    public const string UpdateActivity = "lanyard.update";

    /// <summary>An activity that spans the commit of a load or a refit: post-load methods and the move into live storage.</summary>
    public const string CommitActivity = "lanyard.commit";

    /// <summary>A counter of slots written, by <see cref="ModeTag"/>.</summary>
    public const string SlotsMetric = "lanyard.slots";

    /// <summary>A counter of bytes written into parameters, by <see cref="ModeTag"/>; unit: bytes.</summary>
    public const string BytesMetric = "lanyard.bytes";

    /// <summary>A histogram of the duration of loads and refits, by <see cref="ModeTag"/> and <see cref="OutcomeTag"/>; unit: seconds.</summary>
    public const string DurationMetric = "lanyard.update.duration";

    /// <summary>How the model is kept whole: <c>Staged</c> or <c>InPlace</c>.</summary>
    public const string ModeTag = "lanyard.mode";

    /// <summary>How it ended: <c>committed</c>, <c>abandoned</c> or <c>torn</c>.</summary>
    public const string OutcomeTag = "lanyard.outcome";

    /// <summary>The slots written.</summary>
    public const string SlotsTag = "lanyard.slots";

    /// <summary>The bytes written.</summary>
    public const string BytesTag = "lanyard.bytes";

    private static readonly Meter Meter = new(Name);

    internal static ActivitySource Source { get; } = new(Name);

    internal static Counter<long> Slots { get; } = Meter.CreateCounter<long>(SlotsMetric, description: "Slots written by loads and refits.");

    internal static Counter<long> Bytes { get; } = Meter.CreateCounter<long>(BytesMetric, "By", "Bytes written into parameters.");

    internal static Histogram<double> Duration { get; } = Meter.CreateHistogram<double>(DurationMetric, "s", "Duration of loads and refits.");
}
