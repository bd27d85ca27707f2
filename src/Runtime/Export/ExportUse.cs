using System.Collections.Immutable;
using Lanyard.Index;
using Lanyard.Layouts;
using Lanyard.Parts;

namespace Lanyard.Export;

/// <summary>What one parameter gives to one exported tensor.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Source">What the class declares.</param>
/// <param name="Shape">The shape of the whole tensor, over all ranks.</param>
/// <param name="Slice">What this rank holds of the tensor.</param>
/// <param name="Slots">The copies, in elements of the parameter and of the slice.</param>
internal sealed record ExportUse(ModelParameter Parameter, CheckpointSource Source, ImmutableArray<long> Shape, TensorSlice Slice, ImmutableArray<LayoutSlot> Slots);
