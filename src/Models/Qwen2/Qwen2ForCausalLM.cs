using Lanyard.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard.Models.Qwen2;

/// <summary>
/// Qwen2 and Qwen2.5 with their output projection, which smaller ones share with the embedding.
/// Source: transformers, <c>modeling_qwen2.py</c>, <c>Qwen2ForCausalLM</c>.
/// </summary>
/// <remarks>Under a topology of several ranks a model loads, refits and exports its slice. Its forward pass would give parts of sums, which nothing adds up yet, so it throws.</remarks>
[ParameterModule]
[CheckpointAlias("lm_head.weight", "model.embed_tokens.weight")]
public sealed partial class Qwen2ForCausalLM : Module<Tensor, Tensor>, IModelFamily<Qwen2ForCausalLM>
{
    /// <summary>Makes the model, or this rank's slice of it; the values are not initialised.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="topology">Which rank of how many this is; one that holds everything by default.</param>
    /// <param name="dtype">The element type of the parameters.</param>
    /// <param name="device">Where the parameters are made; the CPU by default.</param>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is wrong is listed.</exception>
    public Qwen2ForCausalLM(Qwen2Config config, Topology? topology = null, ScalarType dtype = ScalarType.Float32, Device? device = null)
        : base(nameof(Qwen2ForCausalLM))
    {
        config.Validate();
        (Config, Vocab, Hidden) = (config, config.VocabSize, config.HiddenSize);
        Model = new Qwen2Model(config);
        CreateParameters(topology, dtype, device);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public static IReadOnlyList<string> ModelTypes => ["qwen2"];

    /// <inheritdoc/>
    public static IReadOnlyList<string> Architectures => ["Qwen2ForCausalLM"];

    /// <summary>The configuration that the model was made from.</summary>
    public Qwen2Config Config { get; }

    /// <summary>The number of tokens in the vocabulary.</summary>
    [Axis]
    public int Vocab { get; }

    /// <summary>The width of the residual stream.</summary>
    [Axis]
    public int Hidden { get; }

    /// <summary>Whether the output projection is a parameter of its own.</summary>
    public bool HasHead => !Config.TieWordEmbeddings;

    /// <summary>The output projection, [vocab hidden], whole on every rank; null where it is the embedding.</summary>
    [Parameter("vocab hidden", When = nameof(HasHead))]
    [FromCheckpoint("lm_head.weight", "vocab hidden")]
    [FromCheckpoint("output.weight", "vocab hidden", Format = "gguf")]
    public partial Parameter? LmHeadWeight { get; private set; }

    /// <summary>Embedding, layers and the last norm.</summary>
    [CheckpointName("model"), CheckpointName("", Format = "gguf")]
    public Qwen2Model Model { get; }

    /// <inheritdoc/>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is missing or wrong is listed.</exception>
    public static Qwen2ForCausalLM FromConfig(PretrainedConfig config) => new(Qwen2Config.Parse(config.Json, config.Source));

    /// <summary>Makes a model from the <c>config.json</c> of a folder. The weights beside it are not loaded.</summary>
    /// <param name="directory">The folder of a checkpoint.</param>
    /// <param name="topology">Which rank of how many this is; one that holds everything by default.</param>
    /// <param name="dtype">The element type of the parameters.</param>
    /// <param name="device">Where the parameters are made; the CPU by default.</param>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is missing or wrong is listed.</exception>
    public static Qwen2ForCausalLM FromConfig(string directory, Topology? topology = null, ScalarType dtype = ScalarType.Float32, Device? device = null) =>
        new(Qwen2Config.Load(directory), topology, dtype, device);

    /// <summary>Runs the model.</summary>
    /// <param name="inputIds">Tokens as int64, [batch sequence]. All sequences have the same length; there is no padding.</param>
    /// <returns>Logits, [batch sequence vocab], of the type of the parameters.</returns>
    /// <exception cref="NotSupportedException">The model holds a slice of one rank.</exception>
    public override Tensor forward(Tensor inputIds)
    {
        using var hidden = Model.call(inputIds);
        return Head(hidden);
    }

    /// <summary>Runs the model without recording gradients.</summary>
    /// <param name="inputIds">Tokens as int64, [batch sequence].</param>
    /// <returns>Logits, [batch sequence vocab], of the type of the parameters.</returns>
    /// <exception cref="NotSupportedException">The model holds a slice of one rank.</exception>
    public Tensor Logits(Tensor inputIds)
    {
        using var _ = no_grad();
        return call(inputIds);
    }

    /// <summary>
    /// Appends the likeliest token again and again. There is no cache of keys and values: every step runs over the whole
    /// sequence. No token stops it.
    /// </summary>
    /// <param name="promptIds">Tokens as int64, [batch sequence].</param>
    /// <param name="newTokens">How many tokens are appended.</param>
    /// <returns>The prompt and what was appended, int64, [batch (sequence + new)], on the device of the prompt.</returns>
    /// <exception cref="NotSupportedException">The model holds a slice of one rank.</exception>
    public Tensor Generate(Tensor promptIds, int newTokens) =>
        GreedyText.Generate(promptIds, newTokens, ids => Head(Model.call(ids).select(1, -1)));

    private Tensor Head(Tensor hidden) => functional.linear(hidden, LmHeadWeight ?? Model.EmbedTokens.Weight);
}
