using Lanyard.Layouts;

namespace Lanyard.Parts;

/// <summary>
/// The indices of an axis that a rank holds, as an export writes them: ascending and once, whatever their order in memory and however
/// many places they have there, and without positions that are padding.
/// </summary>
internal static class HeldIndices
{
    /// <summary>Whether the rank holds every index, in order.</summary>
    public static bool AreAll(Axis axis) => axis.Held.IsAll || (axis.Held.Runs(axis.Size) is [{ Start: 0, Step: 1 } run] && run.Count == axis.Size);

    /// <summary>The same axis, each index held once, in order and without padding: that of a slice as it is written.</summary>
    public static Axis InOrder(Axis axis) => axis with
    {
        Held = axis.Held.IsAll ? AxisShare.All : axis.Held.Runs(axis.Size) switch
        {
            [] => AxisShare.Range(0, 0),
            [{ Step: 1 } run] => AxisShare.Range(run.Start, run.Count),
            var runs => AxisShare.List([.. runs.SelectMany(run => run.Indices()).Distinct().Order()]),
        },
    };
}
