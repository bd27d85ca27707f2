using System.Collections.Immutable;
using Lanyard.Index;
using Lanyard.Layouts;
using Lanyard.Parts;

namespace Lanyard.Export;

/// <summary>What one parameter gives to one exported tensor.</summary>
/// <param name="Whole">The use of the whole tensor, over all ranks.</param>
/// <param name="Slice">What this rank holds of the tensor.</param>
/// <param name="Slots">The copies, in elements of the parameter and of the slice.</param>
internal sealed record ExportUse(TensorUse Whole, TensorSlice Slice, ImmutableArray<LayoutSlot> Slots)
{
    /// <summary>The parameter.</summary>
    public ModelParameter Parameter => Whole.Parameter;

    /// <summary>What the class declares.</summary>
    public CheckpointSource Source => Whole.Source;

    /// <summary>The shape of the whole tensor, over all ranks.</summary>
    public ImmutableArray<long> Shape => Whole.Shape;
}
