using Lanyard.Layouts;

namespace Lanyard.Parts;

/// <summary>The indices of a joined axis that one shard has.</summary>
/// <param name="Axis">The axis.</param>
/// <param name="Start">The first.</param>
/// <param name="Count">How many there are.</param>
internal readonly record struct JoinedRows(string Axis, long Start, long Count)
{
    /// <summary>Cuts an axis into shards of equally many indices, as an export writes them. The last ones have what is left.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="size">Its size.</param>
    /// <param name="shards">How many shards there are.</param>
    public static IEnumerable<JoinedRows> Cut(string axis, long size, int shards)
    {
        var each = (size + shards - 1) / shards;
        for (var i = 0L; i < shards; i++)
        {
            var start = Math.Min(i * each, size);
            yield return new JoinedRows(axis, start, Math.Min(each, size - start));
        }
    }

    /// <summary>What a rank holds of the shard, where it holds an axis in order.</summary>
    public Axis Of(Axis axis)
    {
        if (axis.Name != Axis) return axis;
        var (start, end) = (Start, Start + Count);
        return new Axis(axis.Name, Count, held: axis.Held.Runs(axis.Size) switch
        {
            [] => AxisShare.Range(0, 0),
            [{ Step: 1 } run] when Math.Max(run.Start, start) < Math.Min(run.Last + 1, end) => AxisShare.Range(Math.Max(run.Start, start) - start, Math.Min(run.Last + 1, end) - Math.Max(run.Start, start)),
            [{ Step: 1 }] => AxisShare.Range(0, 0),
            var runs => AxisShare.List([.. runs.SelectMany(run => run.Indices()).Where(index => index >= start && index < end).Select(index => index - start)]),
        });
    }
}
