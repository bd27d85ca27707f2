using Lanyard.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lanyard.Models.Llama4;

/// <summary>
/// The Llama 4 text model with its output projection. Of a published checkpoint of the whole model it takes what stands below
/// <c>language_model.</c> and leaves the vision parts alone.
/// Source: transformers, <c>modeling_llama4.py</c>, <c>Llama4ForCausalLM</c>.
/// </summary>
/// <remarks>
/// Under a topology of several ranks a model loads, refits and exports its slice; its forward pass needs what the ranks do together,
/// <c>model.Join(collectives)</c>. Of several pipeline stages each has its layers: <see cref="RunStage"/> runs them.
/// </remarks>
[ParameterModule]
[CheckpointPrefix("language_model.")]
[Ignore("vision_model.**", Optional = true)]
[Ignore("multi_modal_projector.**", Optional = true)]
[ConformsTo("llama-4-maverick-17b-128e-instruct.tensors.json", "tp2", "tp4 ep8")]
[ConformsTo("llama-4-scout-17b-16e-instruct.tensors.json", "tp2", "tp4 ep8", Config = "llama-4-scout-17b-16e-instruct.config.json")]
public sealed partial class Llama4ForCausalLM : CausalLM, IModelFamily<Llama4ForCausalLM>
{
    /// <summary>Makes the model, or this rank's slice of it; the values are not initialised.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="topology">Which rank of how many this is; one that holds everything by default.</param>
    /// <param name="dtype">The element type of the parameters.</param>
    /// <param name="device">Where the parameters are made; the CPU by default.</param>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is wrong is listed.</exception>
    public Llama4ForCausalLM(Llama4Config config, Topology? topology = null, ScalarType dtype = ScalarType.Float32, Device? device = null)
        : base(nameof(Llama4ForCausalLM))
    {
        config.Validate();
        (Config, Vocab, Hidden) = (config, config.VocabSize, config.HiddenSize);
        Model = new Llama4Model(config);
        Parameters.LmHeadWeight.OnStages(^1);
        CreateParameters(topology, dtype, device);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public static IReadOnlyList<string> ModelTypes => ["llama4", "llama4_text"];

    /// <inheritdoc/>
    public static IReadOnlyList<string> Architectures => ["Llama4ForConditionalGeneration", "Llama4ForCausalLM"];

    /// <summary>The configuration that the model was made from.</summary>
    public Llama4Config Config { get; }

    /// <summary>The number of tokens in the vocabulary.</summary>
    [Axis]
    public int Vocab { get; }

    /// <summary>The width of the residual stream.</summary>
    [Axis]
    public int Hidden { get; }

    /// <summary>The output projection, [vocab hidden]; whole on every rank of the last stage.</summary>
    [Parameter("vocab hidden")]
    [FromCheckpoint("lm_head.weight", "vocab hidden")]
    public partial Parameter LmHeadWeight { get; private set; }

    /// <summary>Embedding, layers and the last norm.</summary>
    public Llama4Model Model { get; }

    /// <inheritdoc/>
    public override int BlockCount => Model.Blocks.Count;

    /// <inheritdoc/>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is missing or wrong is listed.</exception>
    public static Llama4ForCausalLM FromConfig(PretrainedConfig config) => new(Llama4Config.Parse(config.Json, config.Source));

    /// <summary>Makes a model from the <c>config.json</c> of a folder. The weights beside it are not loaded.</summary>
    /// <param name="directory">The folder of a checkpoint.</param>
    /// <param name="topology">Which rank of how many this is; one that holds everything by default.</param>
    /// <param name="dtype">The element type of the parameters.</param>
    /// <param name="device">Where the parameters are made; the CPU by default.</param>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is missing or wrong is listed.</exception>
    public static Llama4ForCausalLM FromConfig(string directory, Topology? topology = null, ScalarType dtype = ScalarType.Float32, Device? device = null) =>
        new(Llama4Config.Load(directory), topology, dtype, device);

    /// <summary>Runs what this pipeline stage holds. What it returns is what the next stage is given; to send it there is the engine's.</summary>
    /// <param name="input">Of the first stage, tokens as int64, [batch sequence]; of the others what the stage before returned, [batch sequence hidden].</param>
    /// <returns>[batch sequence hidden], for the next stage; of the last one the logits, [batch sequence vocab].</returns>
    /// <exception cref="NotSupportedException">The model holds a slice of one rank, and does not know what the ranks do together.</exception>
    public Tensor RunStage(Tensor input)
    {
        var hidden = Model.RunStage(input);
        if (Parameters.LmHeadWeight.IsElsewhere) return hidden;
        using (hidden) return Parameters.LmHeadWeight.Linear(hidden);
    }

    /// <inheritdoc/>
    protected override Tensor Run(Tensor inputIds, long start, IReadOnlyList<IBlockState>? states) => Model.call(inputIds, start, states);

    /// <inheritdoc/>
    protected override Tensor Head(Tensor hidden) => Parameters.LmHeadWeight.Linear(hidden);
}
