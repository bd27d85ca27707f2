using System.Collections.Immutable;
using Lanyard.Layouts;
using Lanyard.Memory;

namespace Lanyard.Parts;

/// <summary>The indices of one dimension of a tensor that a slot takes; all of its dimensions together, each with each, are the slot.</summary>
/// <param name="First">The first index.</param>
/// <param name="Loops">What is added to it. The strides count indices of the dimension and elements of the parameter; the slowest comes first.</param>
internal sealed record SlotDimension(long First, ImmutableArray<SlotLoop> Loops)
{
    /// <summary>The dimensions of a slot.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="shape">The shape of the whole tensor.</param>
    public static ImmutableArray<SlotDimension> Of(LayoutSlot slot, ImmutableArray<long> shape)
    {
        var strides = Shapes.Strides(shape);
        var loops = shape.Select(_ => new List<SlotLoop>()).ToArray();
        for (var i = 0; i < slot.Sizes.Length; i++) Add(new SlotLoop(slot.Sizes[i], slot.ParameterStrides[i], slot.TensorStrides[i]), shape, strides, loops);
        return [.. loops.Select((list, d) => new SlotDimension(slot.TensorOffset / strides[d] % shape[d], [.. list.OrderByDescending(loop => loop.TensorStride)]))];
    }

    /// <summary>The indices, as a set.</summary>
    public ImmutableArray<IndexRun> Indices() => IndexRuns.Union(Runs(0, First, 0, null).Select(run => run.Run));

    /// <summary>The indices as runs, each with the distance of its first one in the parameter.</summary>
    /// <param name="unit">How many elements of the parameter one index is within a run.</param>
    public IEnumerable<(IndexRun Run, long Distance)> Runs(long unit) => Runs(0, First, 0, unit);

    private IEnumerable<(IndexRun Run, long Distance)> Runs(int depth, long index, long distance, long? unit)
    {
        if (depth == Loops.Length) return [(new IndexRun(index, 1), distance)];
        var loop = Loops[depth];
        if (depth == Loops.Length - 1 && loop.TensorStride == 1 && (unit ?? loop.ParameterStride) == loop.ParameterStride) return [(new IndexRun(index, loop.Size), distance)];
        return Each(loop.Size).SelectMany(i => Runs(depth + 1, index + (i * loop.TensorStride), distance + (i * loop.ParameterStride), unit));
    }

    private static IEnumerable<long> Each(long count)
    {
        for (var i = 0L; i < count; i++) yield return i;
    }

    /// <summary>Gives a loop to its dimension. One that runs through several, merged from those of each, is taken apart again.</summary>
    private static void Add(SlotLoop loop, ImmutableArray<long> shape, ImmutableArray<long> strides, List<SlotLoop>[] loops)
    {
        var d = 0;
        while (strides[d] > loop.TensorStride) d++;
        var end = strides[d] * shape[d];
        var inside = (loop.Size - 1) * loop.TensorStride < end ? loop.Size : end / loop.TensorStride;
        if (inside > 1) loops[d].Add(new SlotLoop(inside, loop.ParameterStride, loop.TensorStride / strides[d]));
        if (inside < loop.Size) Add(new SlotLoop(loop.Size / inside, loop.ParameterStride * inside, end), shape, strides, loops);
    }
}
