using System.Collections.Immutable;
using Lanyard.Index;

namespace Lanyard.Transfers;

/// <summary>A checkpoint tensor in one parameter of a side, in one format.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Layout">Where its elements are, on all ranks.</param>
/// <param name="Tensor">The number of the tensor in the layout.</param>
internal sealed record TensorHome(ModelParameter Parameter, SideLayout Layout, int Tensor)
{
    /// <summary>The full name.</summary>
    public string Name => Parameter.Module.Prefixes.Of(Layout.Format) + Layout.Tensors[Tensor].Name;

    /// <summary>The shape of the whole tensor, decoded.</summary>
    public ImmutableArray<long> Shape => Layout.Tensors[Tensor].Shape;

    /// <summary>What the class declares of it.</summary>
    public CheckpointSource Source => Layout.SourceOf(Tensor);

    /// <summary>Who holds what of it.</summary>
    public ImmutableArray<SideLayout.Holder> Holders => Layout.HoldersOf(Tensor);
}
