using System.Collections.Immutable;
using Lanyard.Index;

namespace Lanyard.Lora;

/// <summary>A weight of the base that an adapter belongs to.</summary>
/// <param name="Path">The path of its module: the tensor's name without its ending.</param>
/// <param name="Tensor">The tensor.</param>
/// <param name="Uses">Where its elements go, in the first format in which it is stored as plain numbers.</param>
internal sealed record LoraTarget(string Path, ModelTensor Tensor, ImmutableArray<TensorUse> Uses)
{
    private const string Ending = ".weight";

    /// <summary>The shape of the tensor, [out in].</summary>
    public ImmutableArray<long> Shape => Uses[0].Shape;

    /// <summary>Whether adapters beside the parameters take effect.</summary>
    public bool TakesAdapters => Uses.All(use => use.Parameter.Bound.NoAdapterBecause is null);

    /// <summary>The weights of a model that have rows and columns, as plain numbers in some format.</summary>
    public static IEnumerable<LoraTarget> In(ModelIndex index)
    {
        foreach (var tensor in index.Tensors.Values.Where(tensor => tensor.Name.EndsWith(Ending, StringComparison.Ordinal)))
        {
            if (tensor.Uses.Find(use => use is { Encoding.IsPlain: true, Source.Offset: 0, Shape.Length: 2, Rows: null }) is not { } first) continue;
            yield return new LoraTarget(tensor.Name[..^Ending.Length], tensor, [.. tensor.Uses.Where(use => use.Format.Name == first.Format.Name)]);
        }
    }
}
