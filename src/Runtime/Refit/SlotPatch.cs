using Lanyard.Layouts;
using TorchSharp;
using static TorchSharp.torch;

namespace Lanyard;

/// <summary>A few elements of one parameter, by position in its storage.</summary>
internal sealed record SlotPatch(ModelParameter Parameter, Tensor Positions, Tensor Values) : IDisposable
{
    /// <summary>Picks from elements of a checkpoint tensor those that a slot takes, and says where they go. Costs what the elements cost, whatever the size of the tensor.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="slot">The slot.</param>
    /// <param name="indices">Flat indices into the whole checkpoint tensor, int64 [count].</param>
    /// <param name="values">Their values [count].</param>
    public static SlotPatch Of(ModelParameter parameter, LayoutSlot slot, Tensor indices, Tensor values)
    {
        using var scope = NewDisposeScope();
        var rest = indices - slot.TensorOffset;
        var taken = rest.ge(0);
        var positions = torch.full_like(indices, slot.ParameterOffset);
        foreach (var loop in Enumerable.Range(0, slot.Sizes.Length).OrderByDescending(i => slot.TensorStrides[i]))
        {
            var stride = slot.TensorStrides[loop];
            var index = rest.div(stride, RoundingMode.floor);
            taken = taken.logical_and(index.lt(slot.Sizes[loop]));
            rest = rest - (index * stride);
            positions = positions + (index * slot.ParameterStrides[loop]);
        }
        taken = taken.logical_and(rest.eq(0));
        return new SlotPatch(parameter, positions.masked_select(taken).MoveToOuterDisposeScope(), values.masked_select(taken).MoveToOuterDisposeScope());
    }

    /// <summary>Writes the elements and returns the patch that takes them back.</summary>
    /// <param name="target">The whole parameter, contiguous.</param>
    public SlotPatch Apply(Tensor target)
    {
        using var flat = target.view(-1);
        var old = flat.index_select(0, Positions);
        using var values = Values.to(target.dtype).to(target.device);
        flat.index_copy_(0, Positions, values);
        return new SlotPatch(Parameter, Positions.alias(), old);
    }

    public void Dispose()
    {
        Positions.Dispose();
        Values.Dispose();
    }
}
