using System.Collections.Immutable;
using Lanyard.Pretrained;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard;

/// <summary>The families that <see cref="AutoModel"/> knows in this process. Programs add those that they reference when they start, by code that the generator writes into them.</summary>
public static class ModelFamilies
{
    private static ImmutableArray<ModelFamily> _known = [];

    /// <summary>All of them.</summary>
    internal static ImmutableArray<ModelFamily> Known => ImmutableInterlocked.InterlockedCompareExchange(ref _known, default, default);

    /// <summary>Adds a family; one that is known already is not added again.</summary>
    /// <typeparam name="TModel">Its root class.</typeparam>
    public static void Add<TModel>()
        where TModel : Module<Tensor, Tensor>, IModelFamily<TModel> =>
        ImmutableInterlocked.Update(ref _known, static (known, family) => known.Any(other => other.Class == family.Class) ? known : known.Add(family), ModelFamily.Of<TModel>());
}
