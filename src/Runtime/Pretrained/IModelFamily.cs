using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard;

/// <summary>
/// The root class of a model family, tokens as int64 [batch sequence] to logits [batch sequence vocab], which <see cref="AutoModel"/> makes from a
/// configuration. Every program that references the class's assembly finds it: the generator writes the table of families into the program. For that
/// the class is public, or the program's own, and not generic.
/// </summary>
/// <typeparam name="TSelf">The class itself, with <see cref="ParameterModuleAttribute"/>.</typeparam>
public interface IModelFamily<TSelf> : ICausalLM
    where TSelf : Module<Tensor, Tensor>, IModelFamily<TSelf>
{
    /// <summary>What <c>model_type</c> says in configurations of the family; in GGUF, <c>general.architecture</c>.</summary>
    static abstract IReadOnlyList<string> ModelTypes { get; }

    /// <summary>
    /// What <c>architectures</c> says in configurations of this class. One model type has several of them, as a model of language and one that
    /// classifies; a configuration that names none of these is not loaded as if it did. Empty: the model type alone decides.
    /// </summary>
    static virtual IReadOnlyList<string> Architectures => [];

    /// <summary>Makes the model that a configuration describes. Rank, type and device are said afterwards, to the whole tree.</summary>
    /// <param name="config">The configuration.</param>
    /// <exception cref="Exception">The configuration cannot be used; the family's own exception says why.</exception>
    static abstract TSelf FromConfig(PretrainedConfig config);
}
