using System.Collections.Immutable;
using Lanyard.Memory;
using TorchSharp;

namespace Lanyard;

/// <summary>Where the elements of one checkpoint tensor lie in one live parameter, for whoever writes them there without this library; or why they do not.</summary>
public sealed class TensorSlots
{
    /// <summary>The full name of the tensor in checkpoints, without what they may put before all names.</summary>
    public required string Tensor { get; init; }

    /// <summary>The shape of the whole tensor, as it is stored.</summary>
    public required ImmutableArray<long> Shape { get; init; }

    /// <summary>The full name of the parameter.</summary>
    public required string ParameterName { get; init; }

    /// <summary>The parameter.</summary>
    public required BoundParameter Parameter { get; init; }

    /// <summary>The type of the elements in memory. What is written there must be of it: nobody converts.</summary>
    public required torch.ScalarType Type { get; init; }

    /// <summary>The device that the memory is on.</summary>
    public required torch.Device Device { get; init; }

    /// <summary>
    /// The regions that the tensor fills on this rank, ordered by their places in memory; several places of one element, such as those of an expert that a
    /// rank holds twice, are several regions. None where other ranks hold all of it, and where it is not in memory.
    /// </summary>
    public ImmutableArray<MemoryRegion> Regions { get; init; } = [];

    /// <summary>Why the elements of the tensor are not in memory as they are stored: what post-load has replaced the parameter, that its values are decoded, who else holds it. Null where they are.</summary>
    public string? NotInMemory { get; init; }

    /// <summary>The tensor with where its elements are, for messages.</summary>
    public override string ToString() =>
        $"{Tensor} {Shapes.Text(Shape)} in {ParameterName}: {NotInMemory ?? (Regions.IsEmpty ? "nothing on this rank" : string.Join("; ", Regions))}";
}
