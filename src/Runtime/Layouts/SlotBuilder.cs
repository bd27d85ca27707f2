using System.Collections.Immutable;

namespace Lanyard.Layouts;

/// <summary>Writes the slots of one alternative: one for each tensor that its name axes reach and each run of the others.</summary>
internal sealed class SlotBuilder
{
    private readonly ImmutableArray<LayoutSlot>.Builder _slots;
    private readonly List<LayoutSlot> _pieces = [];
    private readonly List<Dimension> _names = [];
    private readonly List<Dimension> _body = [];

    private SlotBuilder(ImmutableArray<LayoutSlot>.Builder slots) => _slots = slots;

    /// <summary>Adds the slots of one alternative.</summary>
    /// <param name="slots">Where they are added.</param>
    /// <param name="axes">What this rank holds.</param>
    /// <param name="parameter">Where the elements lie in the parameter that this rank holds.</param>
    /// <param name="source">Where they lie in the whole tensors of a source.</param>
    /// <param name="firstTensor">The index of the source's first tensor.</param>
    public static void Add(
        ImmutableArray<LayoutSlot>.Builder slots, AxisTable axes, Alternative parameter, Placement source, int firstTensor)
    {
        var strides = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var loop in parameter.Loops)
            strides.Add(loop.Key, loop.Stride);
        var builder = new SlotBuilder(slots);
        foreach (var loop in source.Name.Loops)
            builder._names.Add(new Dimension(axes.Of(loop.Key).Runs, strides[loop.Key], loop.Stride));
        foreach (var loop in source.Body.Loops)
            builder._body.Add(new Dimension(axes.Of(loop.Key).Runs, strides[loop.Key], loop.Stride));
        // The pieces of one tensor, once: those of every other tensor of the source are the same, moved in the parameter.
        builder.AddPieces(0, parameter.Offset, source.Body.Offset, []);
        builder.AddTensors(0, 0, firstTensor + source.Name.Offset);
    }

    private void AddPieces(int depth, long parameterOffset, long tensorOffset, ImmutableArray<SlotLoop> loops)
    {
        if (depth == _body.Count)
        {
            _pieces.Add(LayoutSlot.Of(0, parameterOffset, tensorOffset, loops));
            return;
        }
        var dimension = _body[depth];
        var held = 0L;
        foreach (var run in dimension.Runs)
        {
            var loop = new SlotLoop(run.Count, dimension.ParameterStride, dimension.SourceStride * run.Step);
            AddPieces(
                depth + 1,
                parameterOffset + (held * dimension.ParameterStride),
                tensorOffset + (run.Start * dimension.SourceStride),
                run.Count == 1 ? loops : loops.Add(loop));
            held += run.Count;
        }
    }

    private void AddTensors(int depth, long parameterOffset, long tensor)
    {
        if (depth == _names.Count)
        {
            foreach (var piece in _pieces)
                _slots.Add(piece with { Tensor = checked((int)tensor), ParameterOffset = piece.ParameterOffset + parameterOffset });
            return;
        }
        var dimension = _names[depth];
        var held = 0L;
        foreach (var run in dimension.Runs)
        {
            for (var index = run.Start; index <= run.Last; index += run.Step, held++)
                AddTensors(depth + 1, parameterOffset + (held * dimension.ParameterStride), tensor + (index * dimension.SourceStride));
        }
    }

    /// <summary>One axis: what this rank holds of it, and how far a step moves on both sides.</summary>
    private readonly record struct Dimension(ImmutableArray<IndexRun> Runs, long ParameterStride, long SourceStride);
}
