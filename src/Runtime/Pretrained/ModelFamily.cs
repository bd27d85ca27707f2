using System.Collections.Immutable;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Pretrained;

/// <summary>A family without the type of its root class.</summary>
/// <param name="Class">The root class.</param>
/// <param name="ModelTypes">The model types that it runs.</param>
/// <param name="Architectures">The architectures that it is; empty where the model type decides.</param>
/// <param name="Load">Makes it and loads it.</param>
internal sealed record ModelFamily(Type Class, ImmutableArray<string> ModelTypes, ImmutableArray<string> Architectures, PretrainedLoad Load)
{
    public static ModelFamily Of<TModel>()
        where TModel : Module<Tensor, Tensor>, IModelFamily<TModel> =>
        new(typeof(TModel), [.. TModel.ModelTypes], [.. TModel.Architectures], PretrainedModel.Load<TModel>);

    /// <summary>Whether a configuration is one of this family's, for all that the configuration says of it.</summary>
    public bool Runs(PretrainedConfig config) => config.Architectures.IsEmpty || Architectures.IsEmpty
        ? config.ModelType is { } type && ModelTypes.Contains(type)
        : config.Architectures.Any(name => Architectures.Contains(name));

    public override string ToString() => $"{Class} ({string.Join(", ", ModelTypes.Concat(Architectures).Distinct())})";
}
